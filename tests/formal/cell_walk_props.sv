// cim_cell_walk against the time since a row was held: column after column is launched, read, clamped and added, each once and
// in its cycle; the walk ends with the last.
module cell_walk_props #(
  parameter int unsigned Cols = 4,
  parameter int unsigned Fault = 0,   // planted: 1 another last column, 2 a start is lost
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned TimeW = $clog2(Cols + 10)
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            start_i,
  input logic [ColW-1:0] last_i
);
  logic busy, launch, read, rails, add, done;
  logic [ColW-1:0] launch_col, read_col, rails_col, add_col;
  cim_cell_walk #(.Cols(Cols)) u_dut (
    .clk_i, .rst_ni, .start_i(start_i && Fault != 2), .last_i(Fault == 1 ? last_i ^ ColW'(1'b1) : last_i), .busy_o(busy),
    .launch_o(launch), .launch_col_o(launch_col), .read_o(read), .read_col_o(read_col), .rails_o(rails),
    .rails_col_o(rails_col), .add_o(add), .add_col_o(add_col), .done_o(done)
  );

  logic walks_q;
  logic [TimeW-1:0] time_q, last;   // 0 in the first cycle of a walk
  logic [ColW-1:0] last_q;
  assign last = TimeW'(last_i);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) walks_q <= 1'b0;
    else if (start_i) walks_q <= 1'b1;
    else if (time_q == last + TimeW'(4'd8)) walks_q <= 1'b0;
    time_q <= start_i || !walks_q ? '0 : time_q + 1'b1;
    last_q <= last_i;
  end

  // A column is in the stage that is `delay` cycles after its launch.
  function at(input [TimeW-1:0] delay);
    at = walks_q && time_q >= delay && time_q <= last + delay;
  endfunction
  function [ColW-1:0] column(input [TimeW-1:0] delay);
    column = ColW'(time_q - delay);
  endfunction

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (walks_q) assume (!start_i && last_i == last_q);
    if (!$initstate) begin
      Busy_A : assert (busy == walks_q);
      Launch_A : assert (launch == at('0) && (!launch || launch_col == column('0)));
      Read_A : assert (read == at(TimeW'(4'd4)) && (!read || read_col == column(TimeW'(4'd4))));
      Rails_A : assert (rails == at(TimeW'(4'd7)) && (!rails || rails_col == column(TimeW'(4'd7))));
      Add_A : assert (add == at(TimeW'(4'd8)) && (!add || add_col == column(TimeW'(4'd8))));
      Done_A : assert (done == (add && add_col == last_i));
    end
    Whole_C : cover (!$initstate && done && last_i == '1);
  end
endmodule
