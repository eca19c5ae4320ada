// Says what stands at a byte address: the register block, a word of a window, or nothing. Combinational.
module cim_bus_decode #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter bit Effects = 1'b0          // their windows exist
) (
  input  logic [31:0] addr_i,
  output logic        register_o,   // in the register block, aligned (there may be no register)
  output logic        window_o,     // an existing word of a window
  output logic        read_only_o,  // of the window
  output logic [3:0]  sel_o,        // window, cim_tile_pkg::Sel*
  output logic [23:0] word_o        // word address in the window
);
  localparam int unsigned LevelWords = Banks * Rows * (Cols >= 16 ? Cols / 16 : 1);
  localparam int unsigned OffsetWords = Banks * Rows * (Cols / 4);

  logic hit;
  logic [31:0] words;

  function automatic logic inside_window(input logic [31:0] addr, input logic [31:0] base,
                                         input logic [31:0] bytes);
    inside_window = (addr & ~(bytes - 32'd1)) == base;
  endfunction

  always_comb begin
    hit = 1'b1;
    read_only_o = 1'b0;
    sel_o = cim_tile_pkg::SelLevel;
    words = LevelWords;
    word_o = {2'b0, addr_i[23:2]};
    if (inside_window(addr_i, cim_spec_pkg::WindowLevel, cim_spec_pkg::WindowLevelBytes)) begin
      sel_o = cim_tile_pkg::SelLevel;
    end else if (inside_window(addr_i, cim_spec_pkg::WindowOffset,
                               cim_spec_pkg::WindowOffsetBytes)) begin
      sel_o = cim_tile_pkg::SelOffset;
      words = OffsetWords;
      word_o = {1'b0, addr_i[24:2]};
    end else if (inside_window(addr_i, cim_spec_pkg::WindowInput,
                               cim_spec_pkg::WindowInputBytes)) begin
      sel_o = cim_tile_pkg::SelInput;
      words = InWords;
      word_o = {6'b0, addr_i[19:2]};
    end else if (inside_window(addr_i, cim_spec_pkg::WindowOutputLo,
                               cim_spec_pkg::WindowOutputLoBytes)) begin
      sel_o = cim_tile_pkg::SelOutputLo;
      read_only_o = 1'b1;
      words = OutWords;
      word_o = {6'b0, addr_i[19:2]};
    end else if (inside_window(addr_i, cim_spec_pkg::WindowOutputHi,
                               cim_spec_pkg::WindowOutputHiBytes)) begin
      sel_o = cim_tile_pkg::SelOutputHi;
      read_only_o = 1'b1;
      words = OutWords;
      word_o = {6'b0, addr_i[19:2]};
    end else if (inside_window(addr_i, cim_spec_pkg::WindowAdcOffset,
                               cim_spec_pkg::WindowAdcOffsetBytes)) begin
      sel_o = cim_tile_pkg::SelAdcOffset;
      words = Cols;
      word_o = {10'b0, addr_i[15:2]};
    end else if (Effects && inside_window(addr_i, cim_spec_pkg::WindowColumnTable,
                                          cim_spec_pkg::WindowColumnTableBytes)) begin
      sel_o = cim_tile_pkg::SelColumnTable;
      words = Cols;
      word_o = {10'b0, addr_i[15:2]};
    end else if (Effects && inside_window(addr_i, cim_spec_pkg::WindowRowTable,
                                          cim_spec_pkg::WindowRowTableBytes)) begin
      sel_o = cim_tile_pkg::SelRowTable;
      words = Rows;
      word_o = {10'b0, addr_i[15:2]};
    end else if (Effects && inside_window(addr_i, cim_spec_pkg::WindowAdcInl, cim_spec_pkg::WindowAdcInlBytes)) begin
      sel_o = cim_tile_pkg::SelAdcInl;
      words = 4 * Cols;
      word_o = {10'b0, addr_i[15:2]};
    end else if (Effects && inside_window(addr_i, cim_spec_pkg::WindowDacInl, cim_spec_pkg::WindowDacInlBytes)) begin
      sel_o = cim_tile_pkg::SelDacInl;
      words = 4 * Rows;
      word_o = {10'b0, addr_i[15:2]};
    end else if (Effects && inside_window(addr_i, cim_spec_pkg::WindowStuck, cim_spec_pkg::WindowStuckBytes)) begin
      sel_o = cim_tile_pkg::SelStuck;
      word_o = {2'b0, addr_i[23:2]};
    end else begin
      hit = 1'b0;
    end
  end

  assign register_o = addr_i[31:8] == '0 && addr_i[1:0] == '0;
  assign window_o = hit && addr_i[1:0] == '0 && {8'b0, word_o} < words;
endmodule
