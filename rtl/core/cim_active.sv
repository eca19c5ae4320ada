// Rows in use whose input has a bit in a plane, counted beside the sums and held with them.
module cim_active #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  localparam int unsigned CountBits = $clog2(Rows + 1)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        row_i,
  input  logic                        take_i,
  input  logic [Planes-1:0]           x_i,
  input  logic                        read_i,   // a column's sums are read
  output logic [Planes*CountBits-1:0] count_o   // of their vector, one cycle later
);
  logic [Planes*CountBits-1:0] count_q, held_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || take_i) begin
      count_q <= '0;
    end else if (row_i) begin
      for (int unsigned p = 0; p < Planes; p++) begin
        count_q[p*CountBits+:CountBits] <= count_q[p*CountBits+:CountBits] + CountBits'(x_i[p]);
      end
    end
    if (Hold && take_i) held_q <= count_q;
    if (read_i) count_o <= Hold ? held_q : count_q;
  end
endmodule
