// First-in, first-out queue in a memory with synchronous read; one entry a cycle in and out, two cycles through.
module cim_ram_fifo #(
  parameter int unsigned Width = 8,    // bits of an entry
  parameter int unsigned Depth = 512   // entries in the memory, a power of two, at least 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,   // forgets all entries
  input  logic             push_i,    // ignored, and the entry lost, while full
  input  logic [Width-1:0] data_i,
  output logic             full_o,
  output logic             valid_o,
  output logic [Width-1:0] data_o,
  input  logic             pop_i,     // only while valid
  output logic             empty_o    // nothing stored, nothing at the output
);
  localparam int unsigned AddrW = $clog2(Depth);
  if (Depth < 2 || (1 << AddrW) != Depth) begin : gen_illegal
    $fatal(1, "cim_ram_fifo: Depth must be a power of two, at least 2.");
  end

  logic [AddrW:0] head_q, tail_q;
  logic valid_q, stored, fetch, write;

  assign stored = head_q != tail_q;
  assign full_o = head_q[AddrW-1:0] == tail_q[AddrW-1:0] && head_q[AddrW] != tail_q[AddrW];
  assign fetch = stored && (!valid_q || pop_i);
  assign write = push_i && !full_o;
  assign valid_o = valid_q;
  assign empty_o = !stored && !valid_q;

  cim_ram_be #(.Width(Width), .LaneW(Width), .Depth(Depth)) u_ram (
    .clk_i,
    .we_i(write), .waddr_i(tail_q[AddrW-1:0]), .be_i(1'b1), .wdata_i(data_i),
    .re_i(fetch), .raddr_i(head_q[AddrW-1:0]), .rdata_o(data_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      head_q <= '0;
      tail_q <= '0;
      valid_q <= 1'b0;
    end else begin
      if (write) tail_q <= tail_q + 1'b1;
      if (fetch) head_q <= head_q + 1'b1;
      if (fetch) valid_q <= 1'b1;
      else if (pop_i) valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && pop_i) PopFinds_A : assert (valid_o);
  end
endmodule
