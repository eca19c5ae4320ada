// cim_accumulate holds, for one plane and column out of all, the exact sum of up to Rows conductances of any value:
// nothing overflows. One column and one plane stand for all of them: the block treats them alike and apart.
module accumulate_props #(
  parameter int unsigned Rows = 16,
  parameter bit Hold = 1'b1,
  parameter int unsigned Converters = 1,
  parameter bit Inside = 1'b0,       // with what the block holds inside
  parameter int unsigned Fault = 0,  // planted: 1 more rows than Rows, 2 the input's bit is taken for one
  localparam int unsigned Cols = 4,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits,
  localparam int unsigned SumBits = CondBits + $clog2(Rows)
) (
  input logic                     clk_i,
  input logic                     rst_ni,
  input logic                     row_i,
  input logic                     take_i,
  input logic                     x_i,
  input logic [Cols*LaneBits-1:0] cond_i,
  input logic                     read_i
);
  localparam int unsigned CountW = $clog2(Rows + 1);
  (* anyconst *) logic [1:0] col;
  logic [1:0] lane;                  // of the column among those that are read with it
  logic [Converters*LaneBits-1:0] read;
  logic [LaneBits-1:0] sum;
  assign lane = col & 2'(Converters - 1);
  assign sum = read[32'(lane)*LaneBits+:LaneBits];

  cim_accumulate #(.Rows(Rows), .Cols(Cols), .Planes(1), .Hold(Hold), .Converters(Converters)) u_dut (
    .clk_i, .rst_ni, .row_i, .cell_i(1'b0), .cell_col_i('0), .cell_cond_i('0), .take_i, .x_i(x_i || Fault == 2), .cond_i, .read_i, .col_i(col & ~lane), .sum_o(read)
  );

  // The sum in 48 bits, the rows that were added, and what a read must give a cycle later.
  logic [47:0] exact_q, held_q, expected_q;
  logic [CountW:0] rows_q;
  logic read_q, held_valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || take_i) begin
      exact_q <= '0;
      rows_q <= '0;
    end else if (row_i) begin
      if (x_i) exact_q <= exact_q + 48'(cond_i[32'(col)*LaneBits+:CondBits]);
      rows_q <= rows_q + 1'b1;
    end
    if (take_i) held_q <= exact_q;
    held_valid_q <= rst_ni && (held_valid_q || take_i);
    read_q <= read_i && rst_ni && (held_valid_q || !Hold);
    expected_q <= Hold ? held_q : exact_q;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    assume (!(row_i && take_i));
    if (row_i && Fault != 1) assume (32'(rows_q) < Rows);
    if (!$initstate) begin
      Exact_A : assert (!read_q || 48'(sum) == expected_q);
      Bounded_A : assert (exact_q <= 48'(rows_q) * 48'((1 << CondBits) - 1));
      Fits_A : assert (32'(rows_q) > Rows || exact_q < 48'd1 << SumBits);
    end
    ManyRows_C : cover (!$initstate && read_q && expected_q > 48'd3 << CondBits);
  end

  // The block's own sums of that column; the runner wires these to its registers.
  logic [Cols*SumBits-1:0] sums, helds;
  logic [CountW-1:0] rows;
  always_comb begin
    if (Inside && !$initstate) begin
      SumInside_A : assert (48'(sums[32'(col)*SumBits+:SumBits]) == exact_q);
      RowsInside_A : assert ((CountW+1)'(rows) == rows_q && 32'(rows_q) <= Rows);
      HeldInside_A : assert (!Hold || !held_valid_q || 48'(helds[32'(col)*SumBits+:SumBits]) == held_q);
    end
  end
endmodule
