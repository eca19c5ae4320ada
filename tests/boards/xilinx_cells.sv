// Simulation models of the 7 series' cells of which yosys' cells_sim.v has none: RAMB18E1 and RAMB36E1 (black boxes there) and
// PLLE2_BASE; and CARRY4, whose vector there is a loop in Verilator's eyes. Only the modes that our netlists use; any other ends
// elaboration or the simulation.
//
// Defined by AMD UG473, 7 Series FPGAs Memory Resources (widths, addresses, byte write enables, conflict avoidance) and UG953, 7 Series
// Libraries Guide (ports and attributes); how data and parity lie on the halves of a port is as yosys' brams_xc6v_map.v connects them. The models
// were written from yosys' maps; nobody has yet compared them with these documents line by line.

// The memory of both. A byte is 8 bits of data and one of parity; widths of ports are 9, 18, 36 or 72 bits, and those in use are the
// same. What is read of bytes that another port writes in the same cycle is the old data where the writer reads first, else
// undefined: it comes out inverted.
module crucible_block_ram #(
    parameter Sdp = 0, Half = 16, ReadWidthA = 0, ReadWidthB = 0, WriteWidthA = 0, WriteWidthB = 0, ReadFirst = 0,
    parameter [Half * 1024 - 1:0] Data = 0,
    parameter [Half * 128 - 1:0] Parity = 0
) (
    input clk_a_i, clk_b_i, enable_a_i, enable_b_i,
    input [10 + Half / 32:0] address_a_i, address_b_i,  // of a byte
    input [Half / 8 - 1:0] write_a_i,
    input [Half / 4 - 1:0] write_b_i,
    input [2 * Half - 1:0] data_a_i, data_b_i,
    input [Half / 4 - 1:0] parity_a_i, parity_b_i,
    output reg [2 * Half - 1:0] data_a_o, data_b_o,
    output reg [Half / 4 - 1:0] parity_a_o, parity_b_o
);
  localparam AddressBits = 11 + Half / 32;
  localparam Width = Sdp ? WriteWidthB : (ReadWidthA != 0 ? ReadWidthA : WriteWidthA != 0 ? WriteWidthA : ReadWidthB);
  localparam Bytes = Width / 9;

  if (Width != 9 && Width != 18 && Width != 36 && Width != 72) $fatal(1, "block RAM: width");
  if (Sdp ? (ReadWidthA != Width || ReadWidthB != 0 || WriteWidthA != 0) : WriteWidthB != 0) $fatal(1, "block RAM: port");
  if ((ReadWidthA != 0 && ReadWidthA != Width) || (ReadWidthB != 0 && ReadWidthB != Width) ||
      (WriteWidthA != 0 && WriteWidthA != Width)) $fatal(1, "block RAM: widths that differ");
  if (!Sdp && WriteWidthA != 0 && !ReadFirst) $fatal(1, "block RAM: write mode");

  reg [8:0] mem [0:2 ** AddressBits - 1];
  integer i;
  initial begin
    for (i = 0; i < 2 ** AddressBits; i = i + 1) mem[i] = {Parity[i], Data[8 * i +: 8]};
    {data_a_o, data_b_o, parity_a_o, parity_b_o} = 0;
  end

  localparam [AddressBits - 1:0] Aligned = ~(AddressBits'(Bytes) - 1'b1);
  wire [AddressBits - 1:0] at_a = address_a_i & Aligned, at_b = address_b_i & Aligned;
  wire [AddressBits - 1:0] at_w = Sdp ? at_b : at_a;
  wire [7:0] enables = Sdp ? 8'(write_b_i) : 8'(write_a_i);
  wire [7:0] written = (Sdp ? enable_b_i : enable_a_i && WriteWidthA != 0) ? enables : 8'd0;
  wire clk_w = Sdp ? clk_b_i : clk_a_i;

  always @(posedge clk_w)
    for (integer k = 0; k < Bytes; k = k + 1)
      if (written[k]) mem[at_w + AddressBits'(k)] <= Sdp ? {parity_b_i[k], data_b_i[8 * k +: 8]} : {parity_a_i[k], data_a_i[8 * k +: 8]};
  always @(posedge clk_a_i)
    for (integer k = 0; k < Bytes; k = k + 1)
      if (enable_a_i)
        {parity_a_o[k], data_a_o[8 * k +: 8]} <= mem[at_a + AddressBits'(k)] ^ {9{Sdp && !ReadFirst && written[k] && at_a == at_w}};
  always @(posedge clk_b_i)
    for (integer k = 0; k < Bytes; k = k + 1)
      if (enable_b_i && !Sdp) {parity_b_o[k], data_b_o[8 * k +: 8]} <= mem[at_b + AddressBits'(k)];
endmodule

// 18 kbit, as two ports that read, of which A may write, or as a port A that reads and a port B that writes (SDP).
module RAMB18E1 #(
    parameter DOA_REG = 0, DOB_REG = 0, RAM_MODE = "TDP", READ_WIDTH_A = 0, READ_WIDTH_B = 0, WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST", WRITE_MODE_B = "WRITE_FIRST", SRVAL_A = 0, SRVAL_B = 0,
    parameter [35:0] INIT_A = 0, INIT_B = 0,
    parameter [255:0]
    INITP_00 = 256'd0, INITP_01 = 256'd0, INITP_02 = 256'd0, INITP_03 = 256'd0, INITP_04 = 256'd0, INITP_05 = 256'd0,
    INITP_06 = 256'd0, INITP_07 = 256'd0,
    INIT_00 = 256'd0, INIT_01 = 256'd0, INIT_02 = 256'd0, INIT_03 = 256'd0, INIT_04 = 256'd0, INIT_05 = 256'd0,
    INIT_06 = 256'd0, INIT_07 = 256'd0, INIT_08 = 256'd0, INIT_09 = 256'd0, INIT_0A = 256'd0, INIT_0B = 256'd0,
    INIT_0C = 256'd0, INIT_0D = 256'd0, INIT_0E = 256'd0, INIT_0F = 256'd0, INIT_10 = 256'd0, INIT_11 = 256'd0,
    INIT_12 = 256'd0, INIT_13 = 256'd0, INIT_14 = 256'd0, INIT_15 = 256'd0, INIT_16 = 256'd0, INIT_17 = 256'd0,
    INIT_18 = 256'd0, INIT_19 = 256'd0, INIT_1A = 256'd0, INIT_1B = 256'd0, INIT_1C = 256'd0, INIT_1D = 256'd0,
    INIT_1E = 256'd0, INIT_1F = 256'd0, INIT_20 = 256'd0, INIT_21 = 256'd0, INIT_22 = 256'd0, INIT_23 = 256'd0,
    INIT_24 = 256'd0, INIT_25 = 256'd0, INIT_26 = 256'd0, INIT_27 = 256'd0, INIT_28 = 256'd0, INIT_29 = 256'd0,
    INIT_2A = 256'd0, INIT_2B = 256'd0, INIT_2C = 256'd0, INIT_2D = 256'd0, INIT_2E = 256'd0, INIT_2F = 256'd0,
    INIT_30 = 256'd0, INIT_31 = 256'd0, INIT_32 = 256'd0, INIT_33 = 256'd0, INIT_34 = 256'd0, INIT_35 = 256'd0,
    INIT_36 = 256'd0, INIT_37 = 256'd0, INIT_38 = 256'd0, INIT_39 = 256'd0, INIT_3A = 256'd0, INIT_3B = 256'd0,
    INIT_3C = 256'd0, INIT_3D = 256'd0, INIT_3E = 256'd0, INIT_3F = 256'd0
) (
    input [13:0] ADDRARDADDR, ADDRBWRADDR,
    input CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input [15:0] DIADI, DIBDI,
    input [1:0] DIPADIP, DIPBDIP,
    input [1:0] WEA,
    input [3:0] WEBWE,
    output [15:0] DOADO, DOBDO,
    output [1:0] DOPADOP, DOPBDOP
);
  if (DOA_REG != 0 || DOB_REG != 0) $fatal(1, "RAMB18E1: output registers");

  localparam Sdp = RAM_MODE == "SDP";
  wire [31:0] data_a, data_b;
  wire [3:0] parity_a, parity_b;
  crucible_block_ram #(
      .Sdp(Sdp), .Half(16), .ReadWidthA(READ_WIDTH_A), .ReadWidthB(READ_WIDTH_B), .WriteWidthA(WRITE_WIDTH_A),
      .WriteWidthB(WRITE_WIDTH_B), .ReadFirst(Sdp ? WRITE_MODE_B == "READ_FIRST" : WRITE_MODE_A == "READ_FIRST"),
      .Parity({
    INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00}),
      .Data({
    INIT_3F, INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A, INIT_39, INIT_38, INIT_37, INIT_36, INIT_35, INIT_34, INIT_33,
    INIT_32, INIT_31, INIT_30, INIT_2F, INIT_2E, INIT_2D, INIT_2C, INIT_2B, INIT_2A, INIT_29, INIT_28, INIT_27, INIT_26,
    INIT_25, INIT_24, INIT_23, INIT_22, INIT_21, INIT_20, INIT_1F, INIT_1E, INIT_1D, INIT_1C, INIT_1B, INIT_1A, INIT_19,
    INIT_18, INIT_17, INIT_16, INIT_15, INIT_14, INIT_13, INIT_12, INIT_11, INIT_10, INIT_0F, INIT_0E, INIT_0D, INIT_0C,
    INIT_0B, INIT_0A, INIT_09, INIT_08, INIT_07, INIT_06, INIT_05, INIT_04, INIT_03, INIT_02, INIT_01, INIT_00})
  ) u_ram (
      .clk_a_i(CLKARDCLK), .clk_b_i(CLKBWRCLK), .enable_a_i(ENARDEN), .enable_b_i(ENBWREN),
      .address_a_i(ADDRARDADDR[13:3]), .address_b_i(ADDRBWRADDR[13:3]),
      .write_a_i(WEA), .write_b_i(WEBWE), .data_a_i({16'd0, DIADI}), .data_b_i({DIBDI, DIADI}), .parity_a_i({2'd0, DIPADIP}),
      .parity_b_i({DIPBDIP, DIPADIP}), .data_a_o(data_a), .data_b_o(data_b), .parity_a_o(parity_a), .parity_b_o(parity_b)
  );
  assign DOADO = data_a[15:0], DOPADOP = parity_a[1:0];
  assign DOBDO = Sdp ? data_a[31:16] : data_b[15:0], DOPBDOP = Sdp ? parity_a[3:2] : parity_b[1:0];
  always @(posedge CLKARDCLK)
    if (RSTRAMARSTRAM || RSTRAMB || RSTREGARSTREG || RSTREGB) $fatal(1, "RAMB18E1: reset");
endmodule

// 36 kbit, as two ports that read, of which A may write, or as a port A that reads and a port B that writes (SDP).
module RAMB36E1 #(
    parameter DOA_REG = 0, DOB_REG = 0, RAM_MODE = "TDP", READ_WIDTH_A = 0, READ_WIDTH_B = 0, WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST", WRITE_MODE_B = "WRITE_FIRST", SRVAL_A = 0, SRVAL_B = 0,
    parameter RAM_EXTENSION_A = "NONE", RAM_EXTENSION_B = "NONE",
    parameter [35:0] INIT_A = 0, INIT_B = 0,
    parameter [255:0]
    INITP_00 = 256'd0, INITP_01 = 256'd0, INITP_02 = 256'd0, INITP_03 = 256'd0, INITP_04 = 256'd0, INITP_05 = 256'd0,
    INITP_06 = 256'd0, INITP_07 = 256'd0, INITP_08 = 256'd0, INITP_09 = 256'd0, INITP_0A = 256'd0, INITP_0B = 256'd0,
    INITP_0C = 256'd0, INITP_0D = 256'd0, INITP_0E = 256'd0, INITP_0F = 256'd0,
    INIT_00 = 256'd0, INIT_01 = 256'd0, INIT_02 = 256'd0, INIT_03 = 256'd0, INIT_04 = 256'd0, INIT_05 = 256'd0,
    INIT_06 = 256'd0, INIT_07 = 256'd0, INIT_08 = 256'd0, INIT_09 = 256'd0, INIT_0A = 256'd0, INIT_0B = 256'd0,
    INIT_0C = 256'd0, INIT_0D = 256'd0, INIT_0E = 256'd0, INIT_0F = 256'd0, INIT_10 = 256'd0, INIT_11 = 256'd0,
    INIT_12 = 256'd0, INIT_13 = 256'd0, INIT_14 = 256'd0, INIT_15 = 256'd0, INIT_16 = 256'd0, INIT_17 = 256'd0,
    INIT_18 = 256'd0, INIT_19 = 256'd0, INIT_1A = 256'd0, INIT_1B = 256'd0, INIT_1C = 256'd0, INIT_1D = 256'd0,
    INIT_1E = 256'd0, INIT_1F = 256'd0, INIT_20 = 256'd0, INIT_21 = 256'd0, INIT_22 = 256'd0, INIT_23 = 256'd0,
    INIT_24 = 256'd0, INIT_25 = 256'd0, INIT_26 = 256'd0, INIT_27 = 256'd0, INIT_28 = 256'd0, INIT_29 = 256'd0,
    INIT_2A = 256'd0, INIT_2B = 256'd0, INIT_2C = 256'd0, INIT_2D = 256'd0, INIT_2E = 256'd0, INIT_2F = 256'd0,
    INIT_30 = 256'd0, INIT_31 = 256'd0, INIT_32 = 256'd0, INIT_33 = 256'd0, INIT_34 = 256'd0, INIT_35 = 256'd0,
    INIT_36 = 256'd0, INIT_37 = 256'd0, INIT_38 = 256'd0, INIT_39 = 256'd0, INIT_3A = 256'd0, INIT_3B = 256'd0,
    INIT_3C = 256'd0, INIT_3D = 256'd0, INIT_3E = 256'd0, INIT_3F = 256'd0, INIT_40 = 256'd0, INIT_41 = 256'd0,
    INIT_42 = 256'd0, INIT_43 = 256'd0, INIT_44 = 256'd0, INIT_45 = 256'd0, INIT_46 = 256'd0, INIT_47 = 256'd0,
    INIT_48 = 256'd0, INIT_49 = 256'd0, INIT_4A = 256'd0, INIT_4B = 256'd0, INIT_4C = 256'd0, INIT_4D = 256'd0,
    INIT_4E = 256'd0, INIT_4F = 256'd0, INIT_50 = 256'd0, INIT_51 = 256'd0, INIT_52 = 256'd0, INIT_53 = 256'd0,
    INIT_54 = 256'd0, INIT_55 = 256'd0, INIT_56 = 256'd0, INIT_57 = 256'd0, INIT_58 = 256'd0, INIT_59 = 256'd0,
    INIT_5A = 256'd0, INIT_5B = 256'd0, INIT_5C = 256'd0, INIT_5D = 256'd0, INIT_5E = 256'd0, INIT_5F = 256'd0,
    INIT_60 = 256'd0, INIT_61 = 256'd0, INIT_62 = 256'd0, INIT_63 = 256'd0, INIT_64 = 256'd0, INIT_65 = 256'd0,
    INIT_66 = 256'd0, INIT_67 = 256'd0, INIT_68 = 256'd0, INIT_69 = 256'd0, INIT_6A = 256'd0, INIT_6B = 256'd0,
    INIT_6C = 256'd0, INIT_6D = 256'd0, INIT_6E = 256'd0, INIT_6F = 256'd0, INIT_70 = 256'd0, INIT_71 = 256'd0,
    INIT_72 = 256'd0, INIT_73 = 256'd0, INIT_74 = 256'd0, INIT_75 = 256'd0, INIT_76 = 256'd0, INIT_77 = 256'd0,
    INIT_78 = 256'd0, INIT_79 = 256'd0, INIT_7A = 256'd0, INIT_7B = 256'd0, INIT_7C = 256'd0, INIT_7D = 256'd0,
    INIT_7E = 256'd0, INIT_7F = 256'd0
) (
    input [15:0] ADDRARDADDR, ADDRBWRADDR,
    input CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input CASCADEINA, CASCADEINB,
    input [31:0] DIADI, DIBDI,
    input [3:0] DIPADIP, DIPBDIP,
    input [3:0] WEA,
    input [7:0] WEBWE,
    output [31:0] DOADO, DOBDO,
    output [3:0] DOPADOP, DOPBDOP
);
  if (DOA_REG != 0 || DOB_REG != 0) $fatal(1, "RAMB36E1: output registers");

  localparam Sdp = RAM_MODE == "SDP";
  wire [63:0] data_a, data_b;
  wire [7:0] parity_a, parity_b;
  crucible_block_ram #(
      .Sdp(Sdp), .Half(32), .ReadWidthA(READ_WIDTH_A), .ReadWidthB(READ_WIDTH_B), .WriteWidthA(WRITE_WIDTH_A),
      .WriteWidthB(WRITE_WIDTH_B), .ReadFirst(Sdp ? WRITE_MODE_B == "READ_FIRST" : WRITE_MODE_A == "READ_FIRST"),
      .Parity({
    INITP_0F, INITP_0E, INITP_0D, INITP_0C, INITP_0B, INITP_0A, INITP_09, INITP_08, INITP_07, INITP_06, INITP_05, INITP_04,
    INITP_03, INITP_02, INITP_01, INITP_00}),
      .Data({
    INIT_7F, INIT_7E, INIT_7D, INIT_7C, INIT_7B, INIT_7A, INIT_79, INIT_78, INIT_77, INIT_76, INIT_75, INIT_74, INIT_73,
    INIT_72, INIT_71, INIT_70, INIT_6F, INIT_6E, INIT_6D, INIT_6C, INIT_6B, INIT_6A, INIT_69, INIT_68, INIT_67, INIT_66,
    INIT_65, INIT_64, INIT_63, INIT_62, INIT_61, INIT_60, INIT_5F, INIT_5E, INIT_5D, INIT_5C, INIT_5B, INIT_5A, INIT_59,
    INIT_58, INIT_57, INIT_56, INIT_55, INIT_54, INIT_53, INIT_52, INIT_51, INIT_50, INIT_4F, INIT_4E, INIT_4D, INIT_4C,
    INIT_4B, INIT_4A, INIT_49, INIT_48, INIT_47, INIT_46, INIT_45, INIT_44, INIT_43, INIT_42, INIT_41, INIT_40, INIT_3F,
    INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A, INIT_39, INIT_38, INIT_37, INIT_36, INIT_35, INIT_34, INIT_33, INIT_32,
    INIT_31, INIT_30, INIT_2F, INIT_2E, INIT_2D, INIT_2C, INIT_2B, INIT_2A, INIT_29, INIT_28, INIT_27, INIT_26, INIT_25,
    INIT_24, INIT_23, INIT_22, INIT_21, INIT_20, INIT_1F, INIT_1E, INIT_1D, INIT_1C, INIT_1B, INIT_1A, INIT_19, INIT_18,
    INIT_17, INIT_16, INIT_15, INIT_14, INIT_13, INIT_12, INIT_11, INIT_10, INIT_0F, INIT_0E, INIT_0D, INIT_0C, INIT_0B,
    INIT_0A, INIT_09, INIT_08, INIT_07, INIT_06, INIT_05, INIT_04, INIT_03, INIT_02, INIT_01, INIT_00})
  ) u_ram (
      .clk_a_i(CLKARDCLK), .clk_b_i(CLKBWRCLK), .enable_a_i(ENARDEN), .enable_b_i(ENBWREN),
      .address_a_i(ADDRARDADDR[14:3]), .address_b_i(ADDRBWRADDR[14:3]),
      .write_a_i(WEA), .write_b_i(WEBWE), .data_a_i({32'd0, DIADI}), .data_b_i({DIBDI, DIADI}), .parity_a_i({4'd0, DIPADIP}),
      .parity_b_i({DIPBDIP, DIPADIP}), .data_a_o(data_a), .data_b_o(data_b), .parity_a_o(parity_a), .parity_b_o(parity_b)
  );
  assign DOADO = data_a[31:0], DOPADOP = parity_a[3:0];
  assign DOBDO = Sdp ? data_a[63:32] : data_b[31:0], DOPBDOP = Sdp ? parity_a[7:4] : parity_b[3:0];
  always @(posedge CLKARDCLK)
    if (RSTRAMARSTRAM || RSTRAMB || RSTREGARSTREG || RSTREGB) $fatal(1, "RAMB36E1: reset");
endmodule

// The clock of the pin takes the place of the one made of it: nothing of a phase-locked loop is simulated but that it has locked.
module PLLE2_BASE #(
    parameter CLKIN1_PERIOD = 0.0, CLKFBOUT_MULT = 5, CLKOUT0_DIVIDE = 1, DIVCLK_DIVIDE = 1
) (
    input CLKIN1, CLKFBIN, PWRDWN, RST,
    output CLKFBOUT, CLKOUT0, CLKOUT1, CLKOUT2, CLKOUT3, CLKOUT4, CLKOUT5, LOCKED
);
  assign CLKOUT0 = CLKIN1, CLKFBOUT = CLKIN1, LOCKED = 1'b1;
endmodule

// Four bits of a carry chain, one wire a carry.
module CARRY4 (
    input CI, CYINIT,
    input [3:0] DI, S,
    output [3:0] CO, O
);
  wire c0 = CI | CYINIT;
  wire c1 = S[0] ? c0 : DI[0];
  wire c2 = S[1] ? c1 : DI[1];
  wire c3 = S[2] ? c2 : DI[2];
  wire c4 = S[3] ? c3 : DI[3];
  assign O = S ^ {c3, c2, c1, c0}, CO = {c4, c3, c2, c1};
endmodule
