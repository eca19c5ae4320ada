// One physical column and bit plane: conductances of all rows, their sum by an adder tree, and the ADC; no registers.
module row_parallel_column #(
  parameter int unsigned Rows = 16,
  parameter int unsigned W = 34
) (
  input  logic              inject_en_i,
  input  logic [4:0]        lsb_exp_i,          // s
  input  logic [7:0]        base_i,             // u8.0, 2^-8 level
  input  logic              adc_transparent_i,
  input  logic [4:0]        adc_shift_i,
  input  logic [3:0]        adc_bits_i,
  input  logic [Rows-1:0]   x_i,                // one bit a row
  input  logic [Rows*2-1:0] level_i,
  input  logic [Rows*8-1:0] offset_i,           // s8.0 each
  input  logic [15:0]       adc_offset_i,       // s16.0, 2^-8 level
  output logic [W-1:0]      code_o,             // s(W).0
  output logic              saturated_o
);
  localparam int unsigned Leaves = 1 << $clog2(Rows);

  logic signed [W-1:0] base, rail, cell_sum, half, code_max, analog, unclamped, code;

  assign base = $signed(W'(base_i)) <<< (lsb_exp_i - 5'd8);
  assign rail = (base <<< 1) + ($signed(W'(2'd3)) <<< lsb_exp_i);

  // Node n of the tree is the sum of nodes 2 n and 2 n + 1; the rows are the leaves; node 1 is the sum.
  logic [2*Leaves*W-1:0] node;

  always_comb begin
    node = '0;
    cell_sum = '0;
    for (int unsigned r = 0; r < Rows; r++) begin
      cell_sum = base + ($signed(W'(level_i[2*r+:2])) <<< lsb_exp_i) +
                 (inject_en_i ? W'($signed(offset_i[8*r+:8])) : '0);
      if (cell_sum < 0) cell_sum = '0;
      if (cell_sum > rail) cell_sum = rail;
      if (x_i[r]) node[(Leaves+r)*W+:W] = cell_sum;
    end
    for (int unsigned n = Leaves - 1; n >= 1; n--) node[n*W+:W] = node[2*n*W+:W] + node[(2*n+1)*W+:W];
  end

  assign half = adc_shift_i == 5'd0 ? '0 : $signed(W'(1'b1)) <<< (adc_shift_i - 5'd1);
  assign code_max = ($signed(W'(1'b1)) <<< adc_bits_i) - 1;
  assign analog = $signed(node[W+:W]) + (W'($signed(adc_offset_i)) <<< (lsb_exp_i - 5'd8));
  assign unclamped = (analog + half) >>> adc_shift_i;
  assign code = unclamped < 0 ? '0 : (unclamped > code_max ? code_max : unclamped);
  assign code_o = adc_transparent_i ? analog : code;
  assign saturated_o = !adc_transparent_i && code != unclamped;
endmodule
