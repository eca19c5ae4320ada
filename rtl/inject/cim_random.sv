// Eight random numbers of (key, tag, n, address): four Threefry-2x32-20 blocks and the Gaussian by inversion, pipelined.
// See docs/numerics.md, "Random numbers". The block is that of J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, SC 2011.
module cim_random (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         launch_i,
  input  logic [63:0]  key_i,     // constant while numbers are on their way
  input  logic [3:0]   tag_i,
  input  logic [31:0]  n_i,
  input  logic [25:0]  addr_i,
  output logic         valid_o,   // six cycles after launch_i
  output logic [255:0] word_o,    // u(key, tag, n, addr, k) in bits 32 k + 31 : 32 k
  output logic [127:0] z_o        // s3.12, 16 bits each
);
  localparam int unsigned Stages = 5;   // of four rounds

  logic [31:0] key0, key1, key2;
  assign key0 = key_i[31:0];
  assign key1 = key_i[63:32];
  assign key2 = 32'h1BD11BDA ^ key_i[31:0] ^ key_i[63:32];

  // Four rounds on four blocks; the first words of the blocks lie below the second ones. `odd` chooses the rotations.
  function [255:0] rounds(input [255:0] state, input odd, input [31:0] add0, input [31:0] add1);
    logic [31:0] a, b;
    begin
      for (int unsigned i = 0; i < 4; i++) begin
        a = state[32*i+:32];
        b = state[128+32*i+:32];
        a = a + b;
        b = (odd ? {b[14:0], b[31:15]} : {b[18:0], b[31:19]}) ^ a;
        a = a + b;
        b = (odd ? {b[2:0], b[31:3]} : {b[16:0], b[31:17]}) ^ a;
        a = a + b;
        b = (odd ? {b[15:0], b[31:16]} : {b[5:0], b[31:6]}) ^ a;
        a = a + b;
        b = (odd ? {b[7:0], b[31:8]} : {b[25:0], b[31:26]}) ^ a;
        rounds[32*i+:32] = a + add0;
        rounds[128+32*i+:32] = b + add1;
      end
    end
  endfunction

  function [255:0] start(
      input [31:0] n, input [3:0] tag, input [25:0] addr, input [31:0] add0, input [31:0] add1);
    for (int unsigned i = 0; i < 4; i++) begin
      start[32*i+:32] = n + add0;
      start[128+32*i+:32] = {tag, 2'(i), addr} + add1;
    end
  endfunction

  // A memory that nothing writes: {drop, start} of as many bits as they have.
  (* ram_style = "block" *) logic [23:0] gauss_rom [256];
  initial for (int i = 0; i < 256; i++) gauss_rom[i] = {cim_noise_pkg::Gauss[32*i+16+:9], cim_noise_pkg::Gauss[32*i+:15]};

  // {entry, fraction} of a random number without its sign.
  function [15:0] place(input [30:0] u);
    logic [30:0] v;
    logic [4:0] zeros;
    begin
      v = u;
      zeros = '0;
      if (v[30:15] == '0) begin v = v << 16; zeros[4] = 1'b1; end
      if (v[30:23] == '0) begin v = v << 8; zeros[3] = 1'b1; end
      if (v[30:27] == '0) begin v = v << 4; zeros[2] = 1'b1; end
      if (v[30:29] == '0) begin v = v << 2; zeros[1] = 1'b1; end
      if (v[30] == 1'b0) begin v = v << 1; zeros[0] = 1'b1; end
      place = {zeros, v[29:19]};
    end
  endfunction

  function [15:0] gauss(input negative, input [23:0] entry, input [7:0] fraction);
    logic [15:0] size;
    begin
      size = 16'(entry[14:0]) - 16'((17'(entry[23:15]) * 17'(fraction)) >> 8);
      gauss = negative ? -size : size;
    end
  endfunction

  // Block i makes words 2 i and 2 i + 1.
  function [255:0] words(input [255:0] state);
    for (int unsigned i = 0; i < 4; i++) begin
      words[64*i+:32] = state[32*i+:32];
      words[64*i+32+:32] = state[128+32*i+:32];
    end
  endfunction

  logic [Stages:0] valid_q;
  logic [255:0] s1_q, s2_q, s3_q, s4_q, s5_q, word_q;
  logic [8*32-1:0] entry_q;   // of 24 bits each
  logic [8*8-1:0] fraction_q;
  assign valid_o = valid_q[Stages];
  assign word_o = word_q;

  always_comb begin
    z_o = '0;
    if (valid_q[Stages]) for (int unsigned k = 0; k < 8; k++) begin
      z_o[16*k+:16] = gauss(word_q[32*k+31], entry_q[32*k+:24], fraction_q[8*k+:8]);
    end
  end

  // The last stage first: a Verilated model then needs no second copy of a stage.
  logic [15:0] at;   // of the loop alone
  /* verilator lint_off BLKSEQ */
  always_ff @(posedge clk_i) begin
    if (valid_q[4]) begin
      word_q <= words(s5_q);
      for (int unsigned k = 0; k < 8; k++) begin
        at = place(s5_q[32*(k/2+4*(k%2))+:31]);
        entry_q[32*k+:32] <= 32'(gauss_rom[at[15:8]]);
        fraction_q[8*k+:8] <= at[7:0];
      end
    end
    if (valid_q[3]) s5_q <= rounds(s4_q, 1'b0, key2, key0 + 32'd5);
    if (valid_q[2]) s4_q <= rounds(s3_q, 1'b1, key1, key2 + 32'd4);
    if (valid_q[1]) s3_q <= rounds(s2_q, 1'b0, key0, key1 + 32'd3);
    if (valid_q[0]) s2_q <= rounds(s1_q, 1'b1, key2, key0 + 32'd2);
    if (launch_i) s1_q <= rounds(start(n_i, tag_i, addr_i, key0, key1), 1'b0, key1, key2 + 32'd1);
    valid_q <= rst_ni ? {valid_q[Stages-1:0], launch_i} : '0;
  end
  /* verilator lint_on BLKSEQ */
endmodule
