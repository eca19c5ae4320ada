// Noise of eight reads: variance, standard deviation by table, and the product with a Gaussian draw, pipelined.
// See docs/numerics.md, "Random numbers". Launched without conductances, it gives random numbers alone.
module cim_noise #(
  parameter int unsigned CountBits = 9,
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

  input  logic                   read_i,    // four cycles after launch_i: conductances for the noise of these draws
  input  logic [3:0]             fine_i,    // lsb_exp - 8
  input  logic [23:0]            cell_i,    // u16.8, (2^-8 level)^2
  input  logic [23:0]            slope_i,   // u8.16, 2^-8 level
  input  logic [8*LaneBits-1:0]  x_i,       // s32.0, LSB; a cell's conductance or a column's sum
  input  logic [8*CountBits-1:0] count_i,   // cells in x_i
  output logic [8*LaneBits-1:0]  noise_o    // s32.0, LSB; three cycles after read_i
);
  localparam int unsigned VarBits = 40;

  cim_random u_random (
    .clk_i, .rst_ni, .launch_i, .key_i, .tag_i, .n_i, .addr_i, .valid_o, .word_o, .z_o
  );

  function [VarBits-1:0] variance(
      input [LaneBits-1:0] x, input [CountBits-1:0] count, input [3:0] fine, input [23:0] fixed, input [23:0] slope);
    logic [LaneBits-1:0] above;
    begin
      above = x[LaneBits-1] ? '0 : x >> fine;
      variance = VarBits'(fixed) * VarBits'(count) + VarBits'((64'(slope) * 64'(above)) >> 8);
    end
  endfunction

  // A memory that nothing writes.
  logic [15:0] root_rom [256];
  initial for (int i = 0; i < 256; i++) root_rom[i] = cim_noise_pkg::Root[16*i+:16];

  function [24:0] deviation(input [VarBits-1:0] var_in);
    logic [VarBits-1:0] v;
    logic [4:0] e;
    begin
      v = var_in;
      e = '0;
      if (v[39:8] == '0) begin v = v << 32; e[4] = 1'b1; end
      if (v[39:24] == '0) begin v = v << 16; e[3] = 1'b1; end
      if (v[39:32] == '0) begin v = v << 8; e[2] = 1'b1; end
      if (v[39:36] == '0) begin v = v << 4; e[1] = 1'b1; end
      if (v[39:38] == '0) begin v = v << 2; e[0] = 1'b1; end
      deviation = {root_rom[v[39:32]][8:0], 16'd0} >> e;   // entry 0 is 0, for a variance of 0
    end
  endfunction

  function [LaneBits-1:0] noise(input [15:0] z, input [24:0] sigma, input [3:0] fine);
    logic signed [63:0] product;
    begin
      product = ($signed(64'($signed(z))) * $signed({39'd0, sigma})) <<< fine;
      noise = LaneBits'((product + 64'sd524288) >>> 20);
    end
  endfunction

  logic [1:0] read_q;
  logic [8*VarBits-1:0] var_q;
  logic [8*32-1:0] sigma_q;
  logic [8*LaneBits-1:0] noise_q;
  assign noise_o = noise_q;

  always_ff @(posedge clk_i) begin
    read_q <= rst_ni ? {read_q[0], read_i} : '0;
    for (int unsigned k = 0; k < 8; k++) begin
      if (read_i) begin
        var_q[VarBits*k+:VarBits] <= variance(x_i[LaneBits*k+:LaneBits], count_i[CountBits*k+:CountBits], fine_i, cell_i, slope_i);
      end
      if (read_q[0]) sigma_q[32*k+:32] <= 32'(deviation(var_q[VarBits*k+:VarBits]));
      if (read_q[1]) noise_q[LaneBits*k+:LaneBits] <= noise(z_o[16*k+:16], sigma_q[32*k+:25], fine_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && read_q[1]) DrawsHaveCome_A : assert (valid_o);
  end
endmodule
