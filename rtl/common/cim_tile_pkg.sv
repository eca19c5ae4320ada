// Widths and codes of the tile that docs/numerics.md fixes for every geometry.
package cim_tile_pkg;
  localparam int unsigned LevelBits = 2;     // one cell's level, 0 .. 3
  localparam int unsigned OffsetBits = 8;    // one cell's signed offset
  localparam int unsigned BaseBits = 18;     // BASE << (lsb_exp - 8)
  localparam int unsigned CondBits = 21;     // conductance of one cell, at most 2 * BASE + (3 << lsb_exp)
  localparam int unsigned FreeBits = 22;     // the same before the rails, signed: from -128, and a stuck cell on a rail
  localparam int unsigned LaneBits = 32;     // one conductance on a bus of many; the upper bits are zero
  localparam int unsigned ResultBits = 42;   // one logical output, signed
  localparam int unsigned MaxRows = 512;     // up to here ResultBits suffice

  // Selector of a memory window.
  localparam int unsigned Windows = 11;
  localparam logic [3:0] SelLevel = 4'd0;
  localparam logic [3:0] SelOffset = 4'd1;
  localparam logic [3:0] SelInput = 4'd2;
  localparam logic [3:0] SelOutputLo = 4'd3;
  localparam logic [3:0] SelOutputHi = 4'd4;
  localparam logic [3:0] SelAdcOffset = 4'd5;
  // With effects.
  localparam logic [3:0] SelColumnTable = 4'd6;
  localparam logic [3:0] SelRowTable = 4'd7;
  localparam logic [3:0] SelAdcInl = 4'd8;
  localparam logic [3:0] SelDacInl = 4'd9;
  localparam logic [3:0] SelStuck = 4'd10;

  // What a random number is for.
  localparam logic [3:0] TagCellNoise = 4'd1;
  localparam logic [3:0] TagColumnNoise = 4'd2;
  localparam logic [3:0] TagDeviation = 4'd3;
  localparam logic [3:0] TagStuck = 4'd4;
  localparam logic [3:0] TagPulse = 4'd5;

  // EFFECTS.noise.
  localparam logic [1:0] NoiseCell = 2'd1;
  localparam logic [1:0] NoiseColumn = 2'd2;
endpackage
