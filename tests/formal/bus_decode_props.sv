// cim_bus_decode against the list of windows, for every one of the 2^32 addresses.
module bus_decode_props #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Fault = 0   // planted: 1 an address bit is not decoded, 2 a window is one word larger
) (
  input logic        clk_i,
  input logic [31:0] addr_i
);
  logic [31:0] addr;
  always_ff @(posedge clk_i) addr <= addr_i;

  logic is_register, is_window, read_only;
  logic [3:0] sel;
  logic [23:0] word;
  cim_bus_decode #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(Fault == 2 ? InWords + 1 : InWords), .OutWords(OutWords)
  ) u_dut (
    .addr_i(Fault == 1 ? addr & 32'hF7FF_FFFF : addr), .register_o(is_register), .window_o(is_window),
    .read_only_o(read_only), .sel_o(sel), .word_o(word)
  );

  // {inside, word} of one window.
  function [32:0] inside_window(input [31:0] addr, input [31:0] first, input [31:0] words);
    inside_window = {addr >= first && addr < first + 4 * words && addr[1:0] == 2'd0, (addr - first) >> 2};
  endfunction

  logic [32:0] level, offset, in, out_lo, out_hi, adc_offset;
  assign level = inside_window(addr, cim_spec_pkg::WindowLevel, Banks * Rows * (Cols >= 16 ? Cols / 16 : 1));
  assign offset = inside_window(addr, cim_spec_pkg::WindowOffset, Banks * Rows * Cols / 4);
  assign in = inside_window(addr, cim_spec_pkg::WindowInput, InWords);
  assign out_lo = inside_window(addr, cim_spec_pkg::WindowOutputLo, OutWords);
  assign out_hi = inside_window(addr, cim_spec_pkg::WindowOutputHi, OutWords);
  assign adc_offset = inside_window(addr, cim_spec_pkg::WindowAdcOffset, Cols);

  always_comb begin
    Register_A : assert (is_register == (addr < 32'h100 && addr[1:0] == 2'd0));
    Window_A : assert (is_window == (level[32] || offset[32] || in[32] || out_lo[32] || out_hi[32] || adc_offset[32]));
    Level_A : assert (!level[32] || (sel == cim_tile_pkg::SelLevel && {8'd0, word} == level[31:0]));
    Offset_A : assert (!offset[32] || (sel == cim_tile_pkg::SelOffset && {8'd0, word} == offset[31:0]));
    Input_A : assert (!in[32] || (sel == cim_tile_pkg::SelInput && {8'd0, word} == in[31:0]));
    OutputLo_A : assert (!out_lo[32] || (sel == cim_tile_pkg::SelOutputLo && {8'd0, word} == out_lo[31:0]));
    OutputHi_A : assert (!out_hi[32] || (sel == cim_tile_pkg::SelOutputHi && {8'd0, word} == out_hi[31:0]));
    AdcOffset_A : assert (!adc_offset[32] ||
        (sel == cim_tile_pkg::SelAdcOffset && {8'd0, word} == adc_offset[31:0]));
    ReadOnly_A : assert (!is_window || read_only == (out_lo[32] || out_hi[32]));
    Window_C : cover (is_window && read_only && word == 24'd63);
  end
endmodule
