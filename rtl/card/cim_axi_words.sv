// AXI4 slave: bursts of whole words to memories, which may let a word wait. One burst in each direction at a time.
module cim_axi_words #(
  parameter int unsigned AddrW = 20,  // bits of a byte address, 13 .. 32
  parameter int unsigned IdW = 4      // bits of a transaction's number
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // AXI4, 32 bits of data. Lock, cache, protection, quality of service and region do not matter and have no port.
  input  logic             s_axi_awvalid_i,
  output logic             s_axi_awready_o,
  input  logic [IdW-1:0]   s_axi_awid_i,
  input  logic [AddrW-1:0] s_axi_awaddr_i,
  input  logic [7:0]       s_axi_awlen_i,
  input  logic [2:0]       s_axi_awsize_i,
  input  logic [1:0]       s_axi_awburst_i,
  input  logic             s_axi_wvalid_i,
  output logic             s_axi_wready_o,
  input  logic [31:0]      s_axi_wdata_i,
  input  logic [3:0]       s_axi_wstrb_i,
  input  logic             s_axi_wlast_i,
  output logic             s_axi_bvalid_o,
  input  logic             s_axi_bready_i,
  output logic [IdW-1:0]   s_axi_bid_o,
  output logic [1:0]       s_axi_bresp_o,
  input  logic             s_axi_arvalid_i,
  output logic             s_axi_arready_o,
  input  logic [IdW-1:0]   s_axi_arid_i,
  input  logic [AddrW-1:0] s_axi_araddr_i,
  input  logic [7:0]       s_axi_arlen_i,
  input  logic [2:0]       s_axi_arsize_i,
  input  logic [1:0]       s_axi_arburst_i,
  output logic             s_axi_rvalid_o,
  input  logic             s_axi_rready_i,
  output logic [IdW-1:0]   s_axi_rid_o,
  output logic [31:0]      s_axi_rdata_o,
  output logic [1:0]       s_axi_rresp_o,
  output logic             s_axi_rlast_o,
  // Memories. A word is asked for until go or err, in the same cycle or later; err alone refuses it.
  output logic             we_o,
  output logic [AddrW-1:0] waddr_o,     // aligned
  output logic [3:0]       be_o,
  output logic [31:0]      wdata_o,
  input  logic             wgo_i,       // the word is being written
  input  logic             werr_i,
  output logic             re_o,
  output logic [AddrW-1:0] raddr_o,     // aligned
  input  logic             rgo_i,       // the word is being read
  input  logic             rerr_i,
  input  logic [31:0]      rdata_i,     // one cycle after re_o with go, held until the next
  output logic             illegal_o    // a burst, or a word of it, was refused
);
  localparam logic [1:0] Okay = 2'b00;
  localparam logic [1:0] SlaveError = 2'b10;
  localparam logic [1:0] Incrementing = 2'b01;
  localparam logic [2:0] WholeWord = 3'd2;

  // Write: an address, then its words, then the response. A burst of a kind that is not served is taken in and refused.
  logic w_active_q, w_served_q, w_error_q, b_valid_q, w_take;
  logic [AddrW-1:0] w_addr_q;
  logic [IdW-1:0] w_id_q;
  assign s_axi_awready_o = !w_active_q && !b_valid_q;
  assign s_axi_wready_o = w_active_q && (!w_served_q || wgo_i || werr_i);
  assign w_take = s_axi_wvalid_i && s_axi_wready_o;
  assign we_o = s_axi_wvalid_i && w_active_q && w_served_q;
  assign waddr_o = w_addr_q;
  assign be_o = s_axi_wstrb_i;
  assign wdata_o = s_axi_wdata_i;
  assign s_axi_bvalid_o = b_valid_q;
  assign s_axi_bid_o = w_id_q;
  assign s_axi_bresp_o = w_error_q ? SlaveError : Okay;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      w_active_q <= 1'b0;
      b_valid_q <= 1'b0;
    end else begin
      if (s_axi_awvalid_i && s_axi_awready_o) w_active_q <= 1'b1;
      else if (w_take && s_axi_wlast_i) w_active_q <= 1'b0;
      if (w_take && s_axi_wlast_i) b_valid_q <= 1'b1;
      else if (s_axi_bready_i) b_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_axi_awready_o) begin
      w_id_q <= s_axi_awid_i;
      w_addr_q <= s_axi_awaddr_i;
      w_served_q <= s_axi_awburst_i == Incrementing && s_axi_awsize_i == WholeWord && s_axi_awaddr_i[1:0] == '0;
      w_error_q <= 1'b0;
    end else if (w_take) begin
      w_addr_q <= w_addr_q + AddrW'(4);
      w_error_q <= w_error_q || !w_served_q || werr_i;
    end
  end

  // Read: while a word waits at the output, the memory holds it.
  logic r_active_q, r_served_q, r_valid_q, r_error_q, r_last_q, r_free, r_step;
  logic [AddrW-1:0] r_addr_q;
  logic [7:0] r_left_q;
  logic [IdW-1:0] r_id_q;
  assign s_axi_arready_o = !r_active_q && !r_valid_q;
  assign r_free = r_active_q && (!r_valid_q || s_axi_rready_i);
  assign r_step = r_free && (!r_served_q || rgo_i || rerr_i);
  assign re_o = r_free && r_served_q;
  assign raddr_o = r_addr_q;
  assign s_axi_rvalid_o = r_valid_q;
  assign s_axi_rid_o = r_id_q;
  assign s_axi_rdata_o = r_error_q ? 32'hFFFF_FFFF : rdata_i;
  assign s_axi_rresp_o = r_error_q ? SlaveError : Okay;
  assign s_axi_rlast_o = r_last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      r_active_q <= 1'b0;
      r_valid_q <= 1'b0;
    end else begin
      if (s_axi_arvalid_i && s_axi_arready_o) r_active_q <= 1'b1;
      else if (r_step && r_left_q == '0) r_active_q <= 1'b0;
      if (r_step) r_valid_q <= 1'b1;
      else if (s_axi_rready_i) r_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_axi_arready_o) begin
      r_id_q <= s_axi_arid_i;
      r_addr_q <= s_axi_araddr_i;
      r_left_q <= s_axi_arlen_i;
      r_served_q <= s_axi_arburst_i == Incrementing && s_axi_arsize_i == WholeWord && s_axi_araddr_i[1:0] == '0;
    end else if (r_step) begin
      r_addr_q <= r_addr_q + AddrW'(4);
      r_left_q <= r_left_q - 8'd1;
      r_last_q <= r_left_q == '0;
      r_error_q <= !r_served_q || rerr_i;
    end
  end

  assign illegal_o = w_take && (!w_served_q || werr_i) || r_step && (!r_served_q || rerr_i);

  // The master says twice how long a burst is; the count of the words is what the specification makes of its length.
  logic [7:0] w_left_q;
  always_ff @(posedge clk_i) begin
    if (s_axi_awready_o) w_left_q <= s_axi_awlen_i;
    else if (w_take) w_left_q <= w_left_q - 8'd1;
    if (rst_ni && w_take) LastWordIsLast_A : assert (s_axi_wlast_i == (w_left_q == '0));
  end
endmodule
