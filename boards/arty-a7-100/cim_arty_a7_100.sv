// Pins and clock of the Arty A7-100. `CRUCIBLE_CONFIG, the parameters, comes from scripts/board.py.
`include "crucible_config.vh"
module cim_arty_a7_100 (
  input  logic clk_100mhz_i,
  input  logic button_i,      // BTN0, pressed high: reset
  input  logic uart_rx_i,     // uart_txd_in
  output logic uart_tx_o,     // uart_rxd_out
  output logic busy_o,        // LD4
  output logic link_idle_o    // LD5
);
  logic clk, clk_pll, feedback, locked, rst_n, stream_ready, stream_valid;
  logic [31:0] stream_data;
  logic [63:0] cycle;

  // 100 MHz * 12 = 1200 MHz, / 50 = 24 MHz: 3,000,000 baud are eight clocks a bit.
  PLLE2_BASE #(
    .CLKIN1_PERIOD(10.0), .CLKFBOUT_MULT(12), .CLKOUT0_DIVIDE(50), .DIVCLK_DIVIDE(1)
  ) u_pll (
    .CLKIN1(clk_100mhz_i), .CLKFBIN(feedback), .CLKFBOUT(feedback), .CLKOUT0(clk_pll), .CLKOUT1(), .CLKOUT2(), .CLKOUT3(),
    .CLKOUT4(), .CLKOUT5(), .LOCKED(locked), .PWRDWN(1'b0), .RST(1'b0)
  );
  BUFG u_clk (.I(clk_pll), .O(clk));

  cim_power_on u_power_on (.clk_i(clk), .request_ni(!button_i && locked), .rst_no(rst_n));

  cim_top #(`CRUCIBLE_CONFIG) u_top (
    .clk_i(clk), .rst_ni(rst_n), .link_sel_i(1'b0), .uart_rx_i, .uart_tx_o, .stream_rx_valid_i(1'b0),
    .stream_rx_ready_o(stream_ready), .stream_rx_data_i(32'd0), .stream_tx_valid_o(stream_valid), .stream_tx_ready_i(1'b0),
    .stream_tx_data_o(stream_data), .busy_o, .link_idle_o, .cycle_o(cycle)
  );

  logic unused;
  assign unused = ^{stream_ready, stream_valid, stream_data, cycle};
endmodule
