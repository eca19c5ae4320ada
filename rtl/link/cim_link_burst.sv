// One pass over a frame's words on the bus, one request a cycle: all of them, or the ends of a window burst alone.
// Remembers the first word that was refused, and shows its address when the pass is over.
module cim_link_burst #(
  parameter int unsigned MaxPayload = 32,  // words
  localparam int unsigned IndexW = $clog2(MaxPayload < 2 ? 2 : MaxPayload)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // The pass; everything but start_i stays until done_o.
  input  logic              start_i,
  input  logic              check_i,
  input  logic              we_i,
  input  logic              fixed_i,       // the address does not advance
  input  logic [31:0]       base_i,        // byte address of word 0
  input  logic [IndexW-1:0] last_i,        // index of the last word
  input  logic              skip_i,        // go to the last word ...
  input  logic              skip_from_i,   // ... after word 0 or 1
  output logic              done_o,        // one cycle, with the outcome below
  output logic              refused_o,
  output logic [3:0]        status_o,      // of the first refused word
  output logic [31:0]       address_o,     // of the first refused word
  output logic [IndexW-1:0] index_o,       // of the first refused word
  // Payload buffer, one cycle to the data.
  output logic              buf_re_o,
  output logic [IndexW-1:0] buf_addr_o,
  input  logic [31:0]       buf_data_i,
  // Answers to a read pass.
  output logic              rdata_valid_o,
  output logic [IndexW-1:0] rdata_index_o,  // counts the answers
  output logic [31:0]       rdata_o,
  // Bus.
  output logic              req_o,
  output logic              req_check_o,
  output logic              req_we_o,
  output logic [31:0]       req_addr_o,
  output logic [31:0]       req_wdata_o,
  input  logic              rsp_i,
  input  logic [3:0]        rsp_status_i,
  input  logic [31:0]       rsp_rdata_i
);
  logic fetch_q, req_q, ending_q, refused_q, done_q;
  logic [IndexW-1:0] index_q, req_index_q, got_q, got_last_q, bad_q, next_index;
  logic [3:0] status_q;
  logic [31:0] step;

  assign next_index = skip_i && index_q == IndexW'(skip_from_i) ? last_i : index_q + 1'b1;
  assign buf_re_o = fetch_q;
  assign buf_addr_o = index_q;

  // The bus: the index of a request, or afterwards of the refused word, makes the address.
  assign step = {{(30 - IndexW){1'b0}}, req_q ? req_index_q : bad_q, 2'b00};
  assign req_o = req_q;
  assign req_check_o = check_i;
  assign req_we_o = we_i;
  assign req_addr_o = base_i + (fixed_i ? 32'd0 : step);
  assign req_wdata_o = buf_data_i;

  assign rdata_valid_o = rsp_i;
  assign rdata_index_o = got_q;
  assign rdata_o = rsp_rdata_i;
  assign done_o = done_q;
  assign refused_o = refused_q;
  assign status_o = status_q;
  assign index_o = bad_q;
  assign address_o = req_addr_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fetch_q <= 1'b0;
      req_q <= 1'b0;
    end else begin
      if (start_i) fetch_q <= 1'b1;
      else if (index_q == last_i) fetch_q <= 1'b0;
      req_q <= fetch_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      index_q <= '0;
    end else if (fetch_q) begin
      index_q <= next_index;
      req_index_q <= index_q;
    end
  end

  // Answers come in order; the last one is that of the last request: after it nothing is under way.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      done_q <= 1'b0;
      ending_q <= 1'b0;
    end else begin
      if (fetch_q && index_q == last_i) ending_q <= 1'b1;
      else if (done_q) ending_q <= 1'b0;
      done_q <= rsp_i && ending_q && got_q == got_last_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      got_q <= '0;
      got_last_q <= '0;
      refused_q <= 1'b0;
    end else begin
      if (fetch_q && index_q != last_i) got_last_q <= got_last_q + 1'b1;
      if (rsp_i) got_q <= got_q + 1'b1;
      if (rsp_i && !refused_q && rsp_status_i != cim_spec_pkg::StatusOk[3:0]) begin
        refused_q <= 1'b1;
        status_q <= rsp_status_i;
        bad_q <= got_q;
      end
    end
  end
endmodule
