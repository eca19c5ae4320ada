// Noise of eight reads: variance, standard deviation by table, and the product with a Gaussian draw, pipelined.
// See docs/numerics.md, "Random numbers". Launched without conductances, it gives random numbers alone.
//
// The draw is multiplied by the table's nine bits, not by the whole standard deviation: its shift and that of the LSB are one.
module cim_noise #(
  parameter int unsigned Rows = 128,        // at most 256
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   launch_i,
  input  logic [63:0]            key_i,
  input  logic [3:0]             tag_i,
  input  logic [31:0]            n_i,
  input  logic [25:0]            addr_i,
  output logic                   valid_o,   // word_o and z_o: six cycles after launch_i
  output logic [255:0]           word_o,
  output logic [127:0]           z_o,       // s3.12

  // Conductances for the noise of these draws, four cycles after launch_i: a column's in eight planes, or one cell's.
  input  logic                   read_i,
  input  logic [8*LaneBits-1:0]  sum_i,            // u32.0, LSB
  input  logic [8*LaneBits-1:0]  variance_i,       // u24.8, (2^-8 level)^2, what does not depend on sum_i
  input  logic                   cell_read_i,
  input  logic [LaneBits-1:0]    cell_x_i,         // s32.0, LSB
  input  logic [23:0]            cell_variance_i,  // u16.8, (2^-8 level)^2
  input  logic [3:0]             fine_i,           // lsb_exp - 8
  input  logic [23:0]            slope_i,          // u8.16, 2^-8 level
  output logic [8*LaneBits-1:0]  noise_o           // s32.0, LSB; three cycles after a read
);
  localparam int unsigned VarBits = 36;     // below (2^24 + 2^16 * CellMax) * 256
  localparam int unsigned CellMax = 2 * 255 + 3 * 256;             // the upper rail, 2^-8 level
  localparam int unsigned AboveBits = $clog2(Rows * CellMax + 1);  // of a column's sum, 2^-8 level

  cim_random u_random (
    .clk_i, .rst_ni, .launch_i, .key_i, .tag_i, .n_i, .addr_i, .valid_o, .word_o, .z_o
  );

  function [VarBits-1:0] total(input [LaneBits-1:0] x, input [31:0] fixed);
    logic [AboveBits-1:0] above;
    begin
      above = x[LaneBits-1] ? '0 : AboveBits'(x >> fine_i);
      total = VarBits'(fixed) + VarBits'((64'(slope_i) * 64'(above)) >> 8);
    end
  endfunction

  // A memory that nothing writes.
  (* ram_style = "block" *) logic [8:0] root_rom [256];
  initial for (int i = 0; i < 256; i++) root_rom[i] = cim_noise_pkg::Root[16*i+:9];

  // {e, m} of a variance.
  function [12:0] scaled(input [VarBits-1:0] variance);
    logic [39:0] v;
    logic [4:0] e;
    begin
      v = 40'(variance);
      e = '0;
      if (v[39:8] == '0) begin v = v << 32; e[4] = 1'b1; end
      if (v[39:24] == '0) begin v = v << 16; e[3] = 1'b1; end
      if (v[39:32] == '0) begin v = v << 8; e[2] = 1'b1; end
      if (v[39:36] == '0) begin v = v << 4; e[1] = 1'b1; end
      if (v[39:38] == '0) begin v = v << 2; e[0] = 1'b1; end
      scaled = {e, v[39:32]};   // entry 0 of the table is 0, for a variance of 0
    end
  endfunction

  function [LaneBits-1:0] noise(input [15:0] z, input [8:0] root, input [4:0] e);
    logic [8:0] leading;
    logic [4:0] shift;
    logic signed [24:0] product;
    logic signed [51:0] wide;
    begin
      leading = e[4] ? root >> e[3:0] : root;
      shift = e[4] ? 5'(fine_i) : 5'd16 - e + 5'(fine_i);
      product = 25'($signed(z)) * $signed({16'd0, leading});
      wide = 52'(product) <<< shift;
      noise = 32'(wide >>> 20) + 32'((wide >>> 19) & 52'sd1);   // rounded
    end
  endfunction

  logic [1:0] read_q;
  logic [8*64-1:0] var_q;
  logic [8*16-1:0] root_q;
  logic [8*8-1:0] e_q;
  logic [8*LaneBits-1:0] noise_q;
  assign noise_o = noise_q;

  // The last stage first: a Verilated model then needs no second copy of a stage.
  logic [12:0] at;   // of the loop alone
  /* verilator lint_off BLKSEQ */
  always_ff @(posedge clk_i) begin
    if (read_q[1]) for (int unsigned k = 0; k < 8; k++) begin
      noise_q[LaneBits*k+:LaneBits] <= noise(z_o[16*k+:16], root_q[16*k+:9], e_q[8*k+:5]);
    end
    if (read_q[0]) for (int unsigned k = 0; k < 8; k++) begin
      at = scaled(var_q[64*k+:VarBits]);
      root_q[16*k+:16] <= 16'(root_rom[at[7:0]]);
      e_q[8*k+:8] <= 8'(at[12:8]);
    end
    if (read_i || cell_read_i) for (int unsigned k = 0; k < 8; k++) begin
      var_q[64*k+:64] <= 64'(total(cell_read_i ? cell_x_i : sum_i[LaneBits*k+:LaneBits],
                                   cell_read_i ? 32'(cell_variance_i) : variance_i[LaneBits*k+:LaneBits]));
    end
    read_q <= rst_ni ? {read_q[0], read_i || cell_read_i} : '0;
  end
  /* verilator lint_on BLKSEQ */

  always_ff @(posedge clk_i) begin
    if (rst_ni && read_i) OneRead_A : assert (!cell_read_i);
    if (rst_ni && read_q[1]) DrawsHaveCome_A : assert (valid_o);
  end
endmodule
