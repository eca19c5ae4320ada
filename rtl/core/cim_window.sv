// The bus's view of the tile's memories: window addresses into rows and words, and the read-back two cycles later.
module cim_window #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned CellW = 6,
  parameter int unsigned InW = 6,
  parameter int unsigned OutW = 6,
  parameter int unsigned Converters = 1,   // columns in a word of the column tables
  localparam int unsigned RowW = $clog2(Rows),
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned Windows = cim_tile_pkg::Windows,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits,
  localparam int unsigned LevelShift = Cols > 16 ? $clog2(Cols / 16) : 0,  // log2 of words a row
  localparam int unsigned LevelWordW = LevelShift > 0 ? LevelShift : 1,
  localparam int unsigned LevelLaneW = Cols > 16 ? 32 : Cols * 2,
  localparam int unsigned OffsetShift = $clog2(Cols / 4),
  localparam int unsigned OffsetWordW = OffsetShift > 0 ? OffsetShift : 1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   req_i,
  input  logic                   we_i,
  input  logic [3:0]             sel_i,
  input  logic [23:0]            addr_i,
  output logic                   rvalid_o,      // two cycles after req_i
  output logic [31:0]            rdata_o,

  output logic [Windows-1:0]     re_o,          // per window, indexed by the selector
  output logic [Windows-1:0]     we_o,
  output logic [CellW-1:0]       level_row_o,
  output logic [LevelWordW-1:0]  level_word_o,
  output logic [CellW-1:0]       offset_row_o,
  output logic [OffsetWordW-1:0] offset_word_o,
  output logic [InW-1:0]         in_addr_o,
  output logic [OutW-1:0]        out_addr_o,
  output logic [ColW-1:0]        col_o,
  output logic [RowW-1:0]        row_o,
  output logic [ColW-1:0]        inl_col_o,     // of ADC_INL: four words a column
  output logic [RowW-1:0]        inl_row_o,     // of DAC_INL: four words a row
  output logic [1:0]             inl_word_o,

  input  logic [Cols*2-1:0]      level_i,       // one cycle after re_o
  input  logic [Cols*8-1:0]      offset_i,
  input  logic [31:0]            in_i,
  input  logic [ResultBits-1:0]  out_i,
  input  logic [Converters*16-1:0]  adc_offset_i,
  input  logic [Converters*32-1:0]  column_i,
  input  logic [31:0]            row_i,
  input  logic [Converters*128-1:0] adc_inl_i,
  input  logic [127:0]           dac_inl_i,
  input  logic [Cols*2-1:0]      stuck_i
);
  logic        read_q, valid_q;
  logic [3:0]  sel_q;
  logic [1:0]  inl_q;
  logic        lane, inl_lane;      // column within a word of the column tables
  logic [OffsetWordW-1:0] word_q;   // of a row of offsets, and of the fewer words of a row of levels
  logic [31:0] data;

  assign re_o = (req_i && !we_i) ? Windows'(1'b1) << sel_i : '0;
  assign we_o = (req_i && we_i) ? Windows'(1'b1) << sel_i : '0;
  assign level_row_o = CellW'(addr_i >> LevelShift);
  assign level_word_o = LevelShift > 0 ? LevelWordW'(addr_i) : '0;
  assign offset_row_o = CellW'(addr_i >> OffsetShift);
  assign offset_word_o = OffsetShift > 0 ? OffsetWordW'(addr_i) : '0;
  assign in_addr_o = InW'(addr_i);
  assign out_addr_o = OutW'(addr_i);
  assign col_o = ColW'(addr_i);
  assign row_o = RowW'(addr_i);
  assign inl_col_o = ColW'(addr_i >> 2);
  assign inl_row_o = RowW'(addr_i >> 2);
  assign inl_word_o = addr_i[1:0];

  assign rvalid_o = valid_q;

  if (Converters > 1) begin : gen_lanes
    logic lane_q, inl_lane_q;
    always_ff @(posedge clk_i) begin
      if (req_i) {lane_q, inl_lane_q} <= {col_o[0], inl_col_o[0]};
    end
    assign {lane, inl_lane} = {lane_q, inl_lane_q};
  end else begin : gen_lane
    assign {lane, inl_lane} = '0;
  end

  always_comb begin
    case (sel_q)
      cim_tile_pkg::SelLevel: data = 32'(level_i[32'(LevelWordW'(word_q))*LevelLaneW+:LevelLaneW]);
      cim_tile_pkg::SelOffset: data = offset_i[32'(word_q)*32+:32];
      cim_tile_pkg::SelInput: data = in_i;
      cim_tile_pkg::SelOutputLo: data = out_i[31:0];
      cim_tile_pkg::SelOutputHi: data = 32'($signed(out_i[ResultBits-1:32]));
      cim_tile_pkg::SelAdcOffset: data = 32'($signed(adc_offset_i[16*32'(lane)+:16]));
      cim_tile_pkg::SelColumnTable: data = column_i[32*32'(lane)+:32];
      cim_tile_pkg::SelRowTable: data = row_i;
      cim_tile_pkg::SelAdcInl: data = adc_inl_i[128*32'(inl_lane)+32*32'(inl_q)+:32];
      cim_tile_pkg::SelDacInl: data = dac_inl_i[32*32'(inl_q)+:32];
      cim_tile_pkg::SelStuck: data = 32'(stuck_i[32'(LevelWordW'(word_q))*LevelLaneW+:LevelLaneW]);
      default: data = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && req_i;
    valid_q <= rst_ni && read_q;
    if (req_i) begin
      sel_q <= sel_i;
      inl_q <= inl_word_o;
      word_q <= sel_i == cim_tile_pkg::SelLevel || sel_i == cim_tile_pkg::SelStuck ? OffsetWordW'(level_word_o) : offset_word_o;
    end
    if (read_q) rdata_o <= data;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && req_i) begin
      WindowExists_A : assert (32'(sel_i) < Windows);
      WindowReadOnly_A : assert (!we_i || (sel_i != cim_tile_pkg::SelOutputLo && sel_i != cim_tile_pkg::SelOutputHi));
    end
  end
endmodule
