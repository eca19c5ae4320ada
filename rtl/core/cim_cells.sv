// The cells: levels, offsets and stuck states of every bank, and what conductance they make of the row that is read
// (docs/numerics.md, "One cell").
module cim_cells #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned Planes = 8,
  parameter bit Effects = 1'b0,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned FreeBits = cim_tile_pkg::FreeBits,
  localparam int unsigned Cells = Rows * Banks,
  localparam int unsigned CellW = $clog2(Cells),
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned LevelWordW = Cols > 16 ? $clog2(Cols / 16) : 1,
  localparam int unsigned LevelLaneW = Cols > 16 ? 32 : Cols * 2,
  localparam int unsigned OffsetWordW = Cols > 4 ? $clog2(Cols / 4) : 1
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // Settings.
  input  logic                       inject_en_i,
  input  logic [4:0]                 lsb_exp_i,
  input  logic [BaseBits-1:0]        base_i,           // LSB
  input  logic                       drift_en_i,
  input  logic [63:0]                loss_i,           // u0.16 of levels 3, 2, 1, 0
  input  logic                       stuck_en_i,
  input  logic                       cell_noise_i,
  input  logic                       attenuation_en_i,
  input  logic [14:0]                row_loss_i,       // u0.16, of the row read one cycle before
  input  logic [Cols*16-1:0]         col_loss_i,       // u0.16
  // Rows, one stage after the other.
  input  logic                       row_re_i,
  input  logic [CellW-1:0]           row_addr_i,
  input  logic                       cond_en_i,
  input  logic                       age_en_i,
  input  logic                       rails_en_i,
  input  logic [ColW-1:0]            col_last_i,
  output logic [Cols*LaneBits-1:0]   cond_o,           // u21.0 in lanes, one cycle after the last stage
  // Cell by cell, with noise.
  input  logic                       walk_i,
  output logic                       walk_busy_o,
  output logic                       walk_done_o,
  output logic                       launch_o,         // a cell's noise
  output logic [ColW-1:0]            launch_col_o,
  output logic                       read_o,           // four cycles later: its conductance
  output logic [LaneBits-1:0]        read_cond_o,      // s22.0, LSB, sign-extended
  input  logic [Planes*LaneBits-1:0] noise_i,          // three cycles later: s32.0, LSB
  output logic                       cell_o,           // one cycle later: add it
  output logic [ColW-1:0]            cell_col_o,
  output logic [Planes*LaneBits-1:0] cell_cond_o,      // u21.0 in lanes
  output logic [8:0]                 clamps_o,
  // Windows.
  input  logic [2:0]                 win_re_i,         // levels, offsets, stuck
  input  logic [2:0]                 win_we_i,
  input  logic [CellW-1:0]           win_level_row_i,
  input  logic [LevelWordW-1:0]      win_level_word_i,
  input  logic [CellW-1:0]           win_offset_row_i,
  input  logic [OffsetWordW-1:0]     win_offset_word_i,
  input  logic [3:0]                 win_be_i,
  input  logic [31:0]                win_wdata_i,
  output logic [Cols*2-1:0]          level_o,
  output logic [Cols*8-1:0]          offset_o,
  output logic [Cols*2-1:0]          stuck_o
);
  logic [Cols*LaneBits-1:0] target;

  cim_level_mem #(
    .Cells(Cells), .Cols(Cols)
  ) u_levels (
    .clk_i,
    .we_i(win_we_i[0]), .wrow_i(win_level_row_i), .wword_i(win_level_word_i), .wdata_i(win_wdata_i[LevelLaneW-1:0]),
    .re_i(row_re_i || win_re_i[0]), .rrow_i(row_re_i ? row_addr_i : win_level_row_i), .level_o
  );

  cim_offset_mem #(
    .Cells(Cells), .Cols(Cols)
  ) u_offsets (
    .clk_i,
    .we_i(win_we_i[1]), .wrow_i(win_offset_row_i), .wword_i(win_offset_word_i), .be_i(win_be_i), .wdata_i(win_wdata_i),
    .re_i(row_re_i || win_re_i[1]), .rrow_i(row_re_i ? row_addr_i : win_offset_row_i), .offset_o
  );

  cim_conductance #(
    .Cols(Cols), .Rails(!Effects)
  ) u_conductance (
    .clk_i, .en_i(cond_en_i), .inject_en_i, .lsb_exp_i, .base_i, .level_i(level_o), .offset_i(offset_o),
    .cond_o(target)
  );

  if (Effects) begin : gen_effects
    localparam int unsigned NoOffset = 7;   // bits of an offset: from here on no offset reaches a rail

    logic [Cols*2-1:0] level_q, stuck_q;
    logic [14:0] loss1_q, loss2_q;
    logic [Cols*LaneBits-1:0] aged;
    logic rails, read, walk_add;
    logic [ColW-1:0] read_col, rails_col;
    logic [LaneBits-1:0] walked1_q, walked2_q, walked3_q;   // the cell that was read, until its noise has come
    logic [Planes*LaneBits-1:0] noisy;
    logic [Planes*16-1:0] cell_loss;
    logic [8:0] row_clamps, cell_clamps;

    // Written and read as the levels are.
    cim_level_mem #(
      .Cells(Cells), .Cols(Cols)
    ) u_stuck (
      .clk_i,
      .we_i(win_we_i[2]), .wrow_i(win_level_row_i), .wword_i(win_level_word_i), .wdata_i(win_wdata_i[LevelLaneW-1:0]),
      .re_i((row_re_i && stuck_en_i) || win_re_i[2]), .rrow_i(row_re_i ? row_addr_i : win_level_row_i),
      .level_o(stuck_o)
    );

    always_ff @(posedge clk_i) begin
      if (cond_en_i) begin
        level_q <= level_o;
        stuck_q <= stuck_o;
        loss1_q <= row_loss_i;
      end
      if (age_en_i) loss2_q <= loss1_q;
    end

    cim_age #(
      .Cols(Cols)
    ) u_age (
      .clk_i, .en_i(age_en_i), .drift_en_i, .loss_i, .stuck_en_i, .lsb_exp_i, .base_i, .level_i(level_q),
      .stuck_i(stuck_q), .cond_i(target), .cond_o(aged)
    );

    cim_rails #(
      .Cells(Cols)
    ) u_rails (
      .clk_i, .rst_ni, .en_i(rails_en_i && !cell_noise_i), .clamp_en_i(base_i[BaseBits-1:NoOffset] == '0),
      .attenuation_en_i, .lsb_exp_i, .base_i, .last_i(16'(col_last_i)), .row_loss_i(loss2_q), .col_loss_i,
      .cond_i(aged), .cond_o, .clamps_o(row_clamps)
    );

    cim_cell_walk #(
      .Cols(Cols)
    ) u_walk (
      .clk_i, .rst_ni, .start_i(walk_i), .last_i(col_last_i), .busy_o(walk_busy_o),
      .launch_o, .launch_col_o, .read_o(read), .read_col_o(read_col), .rails_o(rails), .rails_col_o(rails_col),
      .add_o(walk_add), .add_col_o(cell_col_o), .done_o(walk_done_o)
    );
    assign read_o = read;
    assign cell_o = walk_add;

    always_comb begin
      read_cond_o = '0;
      noisy = '0;
      cell_loss = '0;
      if (read) read_cond_o = LaneBits'($signed(aged[LaneBits*32'(read_col)+:FreeBits]));
      if (rails) cell_loss = {Planes{col_loss_i[16*32'(rails_col)+:16]}};
      if (rails) for (int unsigned p = 0; p < Planes; p++) begin
        noisy[LaneBits*p+:LaneBits] = walked3_q + noise_i[LaneBits*p+:LaneBits];
      end
    end

    always_ff @(posedge clk_i) begin
      if (cell_noise_i) begin
        walked1_q <= read_cond_o;
        walked2_q <= walked1_q;
        walked3_q <= walked2_q;
      end
    end

    cim_rails #(
      .Cells(Planes), .FreeBits(LaneBits)
    ) u_cell_rails (
      .clk_i, .rst_ni, .en_i(rails), .clamp_en_i(1'b1), .attenuation_en_i, .lsb_exp_i, .base_i,
      .last_i(16'(Planes - 1)), .row_loss_i(loss2_q), .col_loss_i(cell_loss),
      .cond_i(noisy), .cond_o(cell_cond_o), .clamps_o(cell_clamps)
    );
    assign clamps_o = cell_noise_i ? cell_clamps : row_clamps;
  end else begin : gen_plain
    assign cond_o = target;
    assign walk_busy_o = 1'b0;
    assign walk_done_o = 1'b0;
    assign launch_o = 1'b0;
    assign launch_col_o = '0;
    assign read_o = 1'b0;
    assign read_cond_o = '0;
    assign cell_o = 1'b0;
    assign cell_col_o = '0;
    assign cell_cond_o = '0;
    assign clamps_o = '0;
    assign stuck_o = '0;
    logic unused;
    assign unused = ^{rst_ni, drift_en_i, loss_i, stuck_en_i, cell_noise_i, attenuation_en_i, row_loss_i, col_loss_i,
                      age_en_i, rails_en_i, col_last_i, walk_i, noise_i, win_re_i[2], win_we_i[2]};
  end
endmodule
