// What differs from row to row and from column to column: the ADCs' offsets and, with Effects, attenuation, gain and
// non-linearity of the converters. Written and read through windows, read by the data path while a job runs.
module cim_tables #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter bit Effects = 1'b0,
  parameter int unsigned Converters = 1,  // columns read at once
  localparam int unsigned RowW = $clog2(Rows),
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned Windows = cim_tile_pkg::Windows
) (
  input  logic                clk_i,
  // Windows.
  input  logic [Windows-1:0]  win_re_i,
  input  logic [Windows-1:0]  win_we_i,
  input  logic [ColW-1:0]     win_col_i,
  input  logic [RowW-1:0]     win_row_i,
  input  logic [ColW-1:0]     win_inl_col_i,
  input  logic [RowW-1:0]     win_inl_row_i,
  input  logic [1:0]          win_inl_word_i,
  input  logic [31:0]         win_wdata_i,
  // Data path; the answer comes one cycle later.
  input  logic                row_re_i,
  input  logic [RowW-1:0]     row_i,
  input  logic                col_re_i,
  input  logic [ColW-1:0]     col_i,          // one of a group of Converters columns: all of the group are read
  output logic [31:0]         row_table_o,
  output logic [127:0]        dac_inl_o,
  output logic [Converters*16-1:0]  adc_offset_o,
  output logic [Converters*32-1:0]  column_table_o,
  output logic [Converters*128-1:0] adc_inl_o,
  output logic [Cols*16-1:0]  col_loss_o      // u0.16 of every column, always
);
  // A word holds a group of columns.
  localparam int unsigned GroupBits = $clog2(Converters);
  localparam int unsigned GroupW = ColW - GroupBits;
  logic [GroupW-1:0] group, win_group;
  logic [Converters-1:0] win_be;
  assign group = GroupW'(col_i >> GroupBits);
  assign win_group = GroupW'(win_col_i >> GroupBits);
  assign win_be = Converters'(1'b1) << (win_col_i & ColW'(Converters - 1));

  cim_ram_be #(
    .Width(Converters * 16), .LaneW(16), .Depth(Cols / Converters)
  ) u_adc_offsets (
    .clk_i,
    .we_i(win_we_i[cim_tile_pkg::SelAdcOffset]), .waddr_i(win_group), .be_i(win_be),
    .wdata_i({Converters{win_wdata_i[15:0]}}),
    .re_i(col_re_i || win_re_i[cim_tile_pkg::SelAdcOffset]), .raddr_i(col_re_i ? group : win_group),
    .rdata_o(adc_offset_o)
  );

  if (Effects) begin : gen_effects
    logic [3:0] inl_be;
    logic [Converters*4-1:0] adc_inl_be;
    logic [GroupW-1:0] win_inl_group;
    logic [ColW-1:0] win_inl_lane;
    logic [Cols*16-1:0] col_loss_q;
    assign inl_be = 4'b0001 << win_inl_word_i;
    assign win_inl_lane = win_inl_col_i & ColW'(Converters - 1);
    assign adc_inl_be = (Converters*4)'(inl_be) << {win_inl_lane, 2'b00};
    assign win_inl_group = GroupW'(win_inl_col_i >> GroupBits);
    assign col_loss_o = col_loss_q;

    cim_ram_be #(
      .Width(32), .LaneW(32), .Depth(Rows)
    ) u_rows (
      .clk_i,
      .we_i(win_we_i[cim_tile_pkg::SelRowTable]), .waddr_i(win_row_i), .be_i(1'b1), .wdata_i(win_wdata_i),
      .re_i(row_re_i || win_re_i[cim_tile_pkg::SelRowTable]), .raddr_i(row_re_i ? row_i : win_row_i),
      .rdata_o(row_table_o)
    );

    cim_ram_be #(
      .Width(128), .LaneW(32), .Depth(Rows)
    ) u_dac_inl (
      .clk_i,
      .we_i(win_we_i[cim_tile_pkg::SelDacInl]), .waddr_i(win_inl_row_i), .be_i(inl_be), .wdata_i({4{win_wdata_i}}),
      .re_i(row_re_i || win_re_i[cim_tile_pkg::SelDacInl]), .raddr_i(row_re_i ? row_i : win_inl_row_i),
      .rdata_o(dac_inl_o)
    );

    cim_ram_be #(
      .Width(Converters * 32), .LaneW(32), .Depth(Cols / Converters)
    ) u_columns (
      .clk_i,
      .we_i(win_we_i[cim_tile_pkg::SelColumnTable]), .waddr_i(win_group), .be_i(win_be),
      .wdata_i({Converters{win_wdata_i}}),
      .re_i(col_re_i || win_re_i[cim_tile_pkg::SelColumnTable]), .raddr_i(col_re_i ? group : win_group),
      .rdata_o(column_table_o)
    );

    cim_ram_be #(
      .Width(Converters * 128), .LaneW(32), .Depth(Cols / Converters)
    ) u_adc_inl (
      .clk_i,
      .we_i(win_we_i[cim_tile_pkg::SelAdcInl]), .waddr_i(win_inl_group), .be_i(adc_inl_be),
      .wdata_i({Converters*4{win_wdata_i}}),
      .re_i(col_re_i || win_re_i[cim_tile_pkg::SelAdcInl]), .raddr_i(col_re_i ? group : win_inl_group),
      .rdata_o(adc_inl_o)
    );

    // All columns at once: a copy of the lower half of u_columns.
    always_ff @(posedge clk_i) begin
      if (win_we_i[cim_tile_pkg::SelColumnTable]) col_loss_q[16*32'(win_col_i)+:16] <= win_wdata_i[15:0];
    end
  end else begin : gen_plain
    assign row_table_o = '0;
    assign dac_inl_o = '0;
    assign column_table_o = '0;
    assign adc_inl_o = '0;
    assign col_loss_o = '0;
    logic unused;
    assign unused = ^{win_re_i, win_we_i, win_row_i, win_inl_col_i, win_inl_row_i, win_inl_word_i, win_wdata_i, row_re_i,
                      row_i};
  end
endmodule
