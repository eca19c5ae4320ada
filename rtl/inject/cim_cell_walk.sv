// With noise cell by cell: walks over the columns of a row whose conductances are held, launches the noise of each cell,
// and says when its conductances with noise are to be clamped and added.
//
//   0        4              7             8
//   launch   conductance    clamp, IR     add
module cim_cell_walk #(
  parameter int unsigned Cols = 4,
  localparam int unsigned ColW = $clog2(Cols)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            start_i,     // the row is held from the next cycle on
  input  logic [ColW-1:0] last_i,      // last column in use
  output logic            busy_o,
  output logic            launch_o,
  output logic [ColW-1:0] launch_col_o,
  output logic            read_o,
  output logic [ColW-1:0] read_col_o,
  output logic            rails_o,
  output logic [ColW-1:0] rails_col_o,
  output logic            add_o,
  output logic [ColW-1:0] add_col_o,
  output logic            done_o       // with the last add_o
);
  localparam int unsigned AddStage = 8;

  logic walk_q;
  logic [ColW-1:0] col_q;
  logic [AddStage:0] stage;
  logic [AddStage:1] next_q;
  logic [(AddStage+1)*ColW-1:0] col;
  logic [AddStage*ColW-1:0] next_col_q;

  assign stage = {next_q, walk_q};
  assign col = {next_col_q, col_q};
  assign busy_o = stage != '0;
  assign launch_o = walk_q;
  assign launch_col_o = col_q;
  assign read_o = stage[4];
  assign read_col_o = col[4*ColW+:ColW];
  assign rails_o = stage[7];
  assign rails_col_o = col[7*ColW+:ColW];
  assign add_o = stage[AddStage];
  assign add_col_o = col[AddStage*ColW+:ColW];
  assign done_o = add_o && add_col_o == last_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) walk_q <= 1'b0;
    else if (start_i) walk_q <= 1'b1;
    else if (col_q == last_i) walk_q <= 1'b0;
    if (start_i) col_q <= '0;
    else if (walk_q) col_q <= col_q + ColW'(1'b1);
    next_q <= rst_ni ? stage[AddStage-1:0] : '0;
    next_col_q <= col[AddStage*ColW-1:0];
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i) RowAfterRow_A : assert (!busy_o);
  end
endmodule
