// Shift-and-add: planes into a column, four columns (two slices, positive then negative) into one signed result.
module cim_shift_add #(
  parameter int unsigned Planes = 8,
  parameter int unsigned CodeBits = 29,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits
) (
  input  logic                       clk_i,
  input  logic                       en_i,
  input  logic [1:0]                 part_i,    // column within its output: slice in bit 0, negative in bit 1
  input  logic [Planes*LaneBits-1:0] code_i,    // s(CodeBits).0 in lanes
  output logic [ResultBits-1:0]      result_o   // s42.0, one cycle after en_i with part_i = 3
);
  logic signed [ResultBits-1:0] acc_q;

  // a - b = ~(~a + b): the sum is inverted before the negative half and the result after it, so one adder serves both.
  assign result_o = ~acc_q;

  always_ff @(posedge clk_i) begin
    if (en_i) acc_q <= accumulate(acc_q, column(code_i), part_i);
  end

  // sum over planes of 2^p code
  function signed [ResultBits-1:0] column(input [Planes*LaneBits-1:0] code);
    begin
      column = '0;
      for (int unsigned p = 0; p < Planes; p++) begin
        column = column + (ResultBits'($signed(code[p*LaneBits+:CodeBits])) <<< p);
      end
    end
  endfunction

  function signed [ResultBits-1:0] accumulate(
      input signed [ResultBits-1:0] acc, input signed [ResultBits-1:0] col, input [1:0] part);
    logic signed [ResultBits-1:0] start;
    begin
      case (part)
        2'd0: start = '0;
        2'd2: start = ~acc;
        default: start = acc;
      endcase
      accumulate = start + (part[0] ? col <<< 2 : col);
    end
  endfunction
endmodule
