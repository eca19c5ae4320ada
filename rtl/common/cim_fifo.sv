// First-in, first-out queue of few and narrow entries, in flip-flops; the oldest entry stands at the output.
module cim_fifo #(
  parameter int unsigned Width = 8,  // bits of an entry
  parameter int unsigned Depth = 4   // entries, a power of two, at least 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,   // forgets all entries
  input  logic             push_i,    // only while not full
  input  logic [Width-1:0] data_i,
  output logic             full_o,
  output logic             valid_o,
  output logic [Width-1:0] data_o,
  input  logic             pop_i      // only while valid
);
  localparam int unsigned AddrW = $clog2(Depth);
  if (Depth < 2 || (1 << AddrW) != Depth) begin : gen_illegal
    $fatal(1, "cim_fifo: Depth must be a power of two, at least 2.");
  end

  logic [Width-1:0] entries_q [Depth];
  logic [AddrW:0] head_q, tail_q;

  assign valid_o = head_q != tail_q;
  assign full_o = head_q[AddrW-1:0] == tail_q[AddrW-1:0] && head_q[AddrW] != tail_q[AddrW];
  assign data_o = entries_q[head_q[AddrW-1:0]];

  always_ff @(posedge clk_i) begin
    if (push_i) entries_q[tail_q[AddrW-1:0]] <= data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      head_q <= '0;
      tail_q <= '0;
    end else begin
      if (push_i) tail_q <= tail_q + 1'b1;
      if (pop_i) head_q <= head_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && push_i) PushFits_A : assert (!full_o);
    if (rst_ni && pop_i) PopFinds_A : assert (valid_o);
  end
endmodule
