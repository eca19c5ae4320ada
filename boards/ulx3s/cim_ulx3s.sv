// Pins and clock of the ULX3S with an ECP5-85F. `CRUCIBLE_CONFIG, the parameters, comes from scripts/board.py.
`include "crucible_config.vh"
module cim_ulx3s (
  input  logic clk_25mhz_i,
  input  logic button_ni,     // B0, pressed low: reset
  input  logic uart_rx_i,     // ftdi_txd
  output logic uart_tx_o,     // ftdi_rxd
  output logic busy_o,        // led[0]
  output logic link_idle_o    // led[1]
);
  logic clk, clk_25mhz, locked, rst_n, stream_ready, stream_valid;
  logic [31:0] stream_data;
  logic [63:0] cycle;

  // 25 MHz * 24 = 600 MHz, / 25 = 24 MHz: 3,000,000 baud are eight clocks a bit.
  EHXPLLL #(
    .CLKI_DIV(1), .CLKFB_DIV(1), .CLKOP_DIV(24), .CLKOP_CPHASE(11), .CLKOS_ENABLE("ENABLED"), .CLKOS_DIV(25),
    .CLKOS_CPHASE(11), .FEEDBK_PATH("CLKOP")
  ) u_pll (
    .CLKI(clk_25mhz_i), .CLKFB(clk_25mhz), .PHASESEL1(1'b0), .PHASESEL0(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1),
    .PHASELOADREG(1'b1), .STDBY(1'b0), .PLLWAKESYNC(1'b0), .RST(1'b0), .ENCLKOP(1'b0), .ENCLKOS(1'b0), .ENCLKOS2(1'b0),
    .ENCLKOS3(1'b0), .CLKOP(clk_25mhz), .CLKOS(clk), .CLKOS2(), .CLKOS3(), .LOCK(locked), .INTLOCK(), .REFCLK(), .CLKINTFB()
  );

  cim_power_on u_power_on (.clk_i(clk), .request_ni(button_ni && locked), .rst_no(rst_n));

  cim_top #(`CRUCIBLE_CONFIG) u_top (
    .clk_i(clk), .rst_ni(rst_n), .link_sel_i(1'b0), .uart_rx_i, .uart_tx_o, .stream_rx_valid_i(1'b0),
    .stream_rx_ready_o(stream_ready), .stream_rx_data_i(32'd0), .stream_tx_valid_o(stream_valid), .stream_tx_ready_i(1'b0),
    .stream_tx_data_o(stream_data), .busy_o, .link_idle_o, .cycle_o(cycle)
  );

  logic unused;
  assign unused = ^{stream_ready, stream_valid, stream_data, cycle};
endmodule
