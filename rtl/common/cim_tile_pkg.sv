// Widths and codes of the tile that docs/numerics.md fixes for every geometry.
package cim_tile_pkg;
  localparam int unsigned LevelBits = 2;     // one cell's level, 0 .. 3
  localparam int unsigned OffsetBits = 8;    // one cell's signed offset
  localparam int unsigned BaseBits = 18;     // BASE << (lsb_exp - 8)
  localparam int unsigned CondBits = 21;     // conductance of one cell, at most 2 * BASE + (3 << lsb_exp)
  localparam int unsigned LaneBits = 32;     // one conductance on a bus of many; the upper bits are zero
  localparam int unsigned ResultBits = 42;   // one logical output, signed
  localparam int unsigned MaxRows = 512;     // up to here ResultBits suffice

  // Selector of a memory window.
  localparam logic [2:0] SelLevel = 3'd0;
  localparam logic [2:0] SelOffset = 3'd1;
  localparam logic [2:0] SelInput = 3'd2;
  localparam logic [2:0] SelOutputLo = 3'd3;
  localparam logic [2:0] SelOutputHi = 3'd4;
  localparam logic [2:0] SelAdcOffset = 3'd5;
endpackage
