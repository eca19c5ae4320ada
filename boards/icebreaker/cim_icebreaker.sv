// Pins and clock of the iCEBreaker. `CRUCIBLE_CONFIG, the parameters, comes from scripts/board.py.
`include "crucible_config.vh"
module cim_icebreaker (
  input  logic clk_i,          // 12 MHz
  input  logic button_ni,      // BTN_N, pressed low: reset
  input  logic uart_rx_i,
  output logic uart_tx_o,
  output logic busy_no,        // LEDR_N, lit: a job runs
  output logic link_idle_no    // LEDG_N, lit: no frame is under way
);
  logic rst_n, busy, link_idle, stream_ready, stream_valid;
  logic [31:0] stream_data;
  logic [63:0] cycle;

  assign busy_no = !busy;
  assign link_idle_no = !link_idle;

  cim_power_on u_power_on (.clk_i, .request_ni(button_ni), .rst_no(rst_n));

  cim_top #(`CRUCIBLE_CONFIG) u_top (
    .clk_i, .rst_ni(rst_n), .link_sel_i(1'b0), .uart_rx_i, .uart_tx_o, .stream_rx_valid_i(1'b0),
    .stream_rx_ready_o(stream_ready), .stream_rx_data_i(32'd0), .stream_tx_valid_o(stream_valid), .stream_tx_ready_i(1'b0),
    .stream_tx_data_o(stream_data), .busy_o(busy), .link_idle_o(link_idle), .cycle_o(cycle)
  );

  logic unused;
  assign unused = ^{stream_ready, stream_valid, stream_data, cycle};
endmodule
