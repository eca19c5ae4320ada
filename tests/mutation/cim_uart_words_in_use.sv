// The UART between pins and link: every input that can come, every output that is looked at. As mutant 65535 it gets
// something else wherever the link says nothing: it may not show.
module cim_uart_words_in_use (
  input  logic [15:0] mutsel,
  input  logic [31:0] other_i,
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,
  input  logic        rx_i,
  input  logic        hunting_i,
  input  logic        rx_ready_i,
  input  logic        tx_valid_i,
  input  logic [31:0] tx_data_i,
  output logic        tx_o,
  output logic        idle_o,
  output logic        rx_valid_o,
  output logic [31:0] rx_data_o,
  output logic        tx_ready_o,
  output logic        frame_error_o,
  output logic        overflow_o
);
  logic [31:0] tx_data, rx_data;
  assign tx_data = tx_valid_i || mutsel != '1 ? tx_data_i : other_i;
  assign rx_data_o = rx_valid_o ? rx_data : '0;

  cim_uart_words u_uart (
    .clk_i, .rst_ni, .flush_i, .rx_i, .tx_o, .idle_o, .hunting_i, .rx_valid_o, .rx_ready_i, .rx_data_o(rx_data),
    .tx_valid_i, .tx_ready_o, .tx_data_i(tx_data), .frame_error_o, .overflow_o
  );
endmodule
