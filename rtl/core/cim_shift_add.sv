// Shift-and-add: planes into a column, four columns (two slices, positive then negative) into one signed result. Columns
// come one by one or, with two converters, both slices of a sign at once.
module cim_shift_add #(
  parameter int unsigned Planes = 8,
  parameter int unsigned CodeBits = 29,
  parameter int unsigned Converters = 1,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits
) (
  input  logic                       clk_i,
  input  logic                       en_i,
  input  logic [1:0]                 part_i,    // first column within its output: slice in bit 0, negative in bit 1
  input  logic [Converters*Planes*LaneBits-1:0] code_i,   // s(CodeBits).0 in lanes
  output logic [ResultBits-1:0]      result_o   // s42.0, one cycle after en_i with the output's last column
);
  // Signed widths of the sums of two, four and eight planes.
  localparam int unsigned W2 = CodeBits + 2;
  localparam int unsigned W4 = CodeBits + 4;
  localparam int unsigned W8 = CodeBits + 8;

  logic [ResultBits-1:0] acc_q;

  // a - b = ~(~a + b): the sum is inverted before the negative half and the result after it, so one adder serves both.
  assign result_o = ~acc_q;

  function signed [W2-1:0] two(input signed [CodeBits-1:0] low, input signed [CodeBits-1:0] high);
    two = W2'(low) + $signed({high[CodeBits-1], high, 1'b0});
  endfunction

  function signed [W4-1:0] four(input signed [W2-1:0] low, input signed [W2-1:0] high);
    four = W4'(low) + $signed({high, 2'b00});
  endfunction

  function signed [W8-1:0] eight(input signed [W4-1:0] low, input signed [W4-1:0] high);
    eight = W8'(low) + $signed({high, 4'b0000});
  endfunction

  // sum over planes of 2^p code, as a tree; planes that do not exist are zero. Unused: a lane's upper bits repeat the sign.
  /* verilator lint_off UNUSEDSIGNAL */
  function signed [W8-1:0] column(input [8*LaneBits-1:0] c);
    column = eight(four(two(c[0*LaneBits+:CodeBits], c[1*LaneBits+:CodeBits]),
                        two(c[2*LaneBits+:CodeBits], c[3*LaneBits+:CodeBits])),
                   four(two(c[4*LaneBits+:CodeBits], c[5*LaneBits+:CodeBits]),
                        two(c[6*LaneBits+:CodeBits], c[7*LaneBits+:CodeBits])));
  endfunction
  /* verilator lint_on UNUSEDSIGNAL */

  function [ResultBits-1:0] begun(input [ResultBits-1:0] acc, input [1:0] part);
    case (part)
      2'd0: begun = '0;
      2'd2: begun = ~acc;
      default: begun = acc;
    endcase
  endfunction

  function [ResultBits-1:0] slice(input signed [W8-1:0] col, input high);
    logic [ResultBits-1:0] term;
    begin
      term = ResultBits'(col);
      slice = high ? {term[ResultBits-3:0], 2'b00} : term;
    end
  endfunction

  if (Converters == 1) begin : gen_one
    always_ff @(posedge clk_i) begin
      if (en_i) acc_q <= begun(acc_q, part_i) + slice(column((8*LaneBits)'(code_i)), part_i[0]);
    end
  end else begin : gen_two
    logic [Planes*LaneBits-1:0] low, high;
    assign {high, low} = code_i;
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        acc_q <= begun(acc_q, part_i) + slice(column((8*LaneBits)'(low)), 1'b0) + slice(column((8*LaneBits)'(high)), 1'b1);
      end
    end
  end
endmodule
