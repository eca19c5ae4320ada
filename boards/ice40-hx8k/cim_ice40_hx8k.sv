// Pins and clock of Lattice's iCE40-HX8K breakout board. `CRUCIBLE_CONFIG, the parameters, comes from scripts/board.py.
`include "crucible_config.vh"
module cim_ice40_hx8k (
  input  logic clk_i,        // 12 MHz
  input  logic uart_rx_i,
  output logic uart_tx_o,
  output logic busy_o,       // D2: a job runs
  output logic link_idle_o   // D3: no frame is under way
);
  logic rst_n, stream_ready, stream_valid;
  logic [31:0] stream_data;
  logic [63:0] cycle;

  cim_power_on u_power_on (.clk_i, .request_ni(1'b1), .rst_no(rst_n));

  cim_top #(`CRUCIBLE_CONFIG) u_top (
    .clk_i, .rst_ni(rst_n), .link_sel_i(1'b0), .uart_rx_i, .uart_tx_o, .stream_rx_valid_i(1'b0),
    .stream_rx_ready_o(stream_ready), .stream_rx_data_i(32'd0), .stream_tx_valid_o(stream_valid), .stream_tx_ready_i(1'b0),
    .stream_tx_data_o(stream_data), .busy_o, .link_idle_o, .cycle_o(cycle)
  );

  logic unused;
  assign unused = ^{stream_ready, stream_valid, stream_data, cycle};
endmodule
