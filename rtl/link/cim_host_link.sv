// The host's way to the bus: the link behind the UART's pins or behind a stream of words. It only wires.
module cim_host_link #(
  parameter int unsigned Kept = 2,         // responses kept, a power of two, 2 .. 128
  parameter int unsigned MaxPayload = 32,  // words, a power of two, 8 .. 4096
  parameter int unsigned ClksPerBit = 4    // of the UART, 4 .. 65535
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        link_sel_i,       // 0 UART, 1 stream; a change drops what is half-way
  input  logic        flush_i,          // drops what is half-way, too
  input  logic        uart_rx_i,
  output logic        uart_tx_o,
  input  logic        stream_rx_valid_i,
  output logic        stream_rx_ready_o,
  input  logic [31:0] stream_rx_data_i,
  output logic        stream_tx_valid_o,
  input  logic        stream_tx_ready_i,
  output logic [31:0] stream_tx_data_o,
  output logic        link_idle_o,      // no frame is received, executed or sent
  // Bus.
  output logic        lock_o,
  output logic        begin_o,
  output logic        req_o,
  output logic        req_check_o,
  output logic        req_we_o,
  output logic [31:0] req_addr_o,
  output logic [31:0] req_wdata_o,
  input  logic        rsp_i,
  input  logic [3:0]  rsp_status_i,
  input  logic [31:0] rsp_rdata_i,
  // State of the device.
  input  logic        busy_i,
  input  logic        any_error_i,
  output logic [10:0] error_set_o,
  output logic        refused_o,
  output logic [31:0] refused_addr_o
);
  // Which link.
  logic sel_q, flush;
  always_ff @(posedge clk_i) sel_q <= link_sel_i;
  assign flush = sel_q != link_sel_i || flush_i;

  logic rx_valid, rx_ready, hunting, tx_valid, tx_ready, link_idle;
  logic [31:0] rx_data, tx_data;
  logic uart_idle, uart_rx_valid, uart_tx_ready, uart_frame_error, uart_overflow;
  logic [31:0] uart_rx_data;

  cim_uart_words #(.ClksPerBit(ClksPerBit), .Bytes(1 << $clog2(8 * (MaxPayload + 8)))) u_uart (
    .clk_i, .rst_ni, .flush_i(flush), .rx_i(uart_rx_i || sel_q), .tx_o(uart_tx_o),
    .idle_o(uart_idle), .hunting_i(hunting),
    .rx_valid_o(uart_rx_valid), .rx_ready_i(rx_ready && !sel_q), .rx_data_o(uart_rx_data),
    .tx_valid_i(tx_valid && !sel_q), .tx_ready_o(uart_tx_ready), .tx_data_i(tx_data),
    .frame_error_o(uart_frame_error), .overflow_o(uart_overflow)
  );

  assign rx_valid = (sel_q ? stream_rx_valid_i : uart_rx_valid) && !flush;
  assign rx_data = sel_q ? stream_rx_data_i : uart_rx_data;
  assign stream_rx_ready_o = sel_q && rx_ready && !flush;
  assign stream_tx_valid_o = sel_q && tx_valid;
  assign stream_tx_data_o = tx_data;
  assign tx_ready = sel_q ? stream_tx_ready_i : uart_tx_ready;
  assign link_idle_o = link_idle && uart_idle && !flush;

  logic [10:0] link_errors;
  cim_link #(.Kept(Kept), .MaxPayload(MaxPayload)) u_link (
    .clk_i, .rst_ni, .flush_i(flush), .idle_o(link_idle),
    .rx_valid_i(rx_valid), .rx_ready_o(rx_ready), .rx_data_i(rx_data), .rx_hunting_o(hunting),
    .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_data_o(tx_data),
    .lock_o, .begin_o, .req_o, .req_check_o, .req_we_o, .req_addr_o, .req_wdata_o, .rsp_i, .rsp_status_i, .rsp_rdata_i,
    .busy_i, .any_error_i, .error_set_o(link_errors), .refused_o, .refused_addr_o
  );

  always_comb begin
    error_set_o = link_errors;
    error_set_o[cim_spec_pkg::ErrorUartFrameLsb] = uart_frame_error;
    error_set_o[cim_spec_pkg::ErrorRxOverflowLsb] = uart_overflow;
  end
endmodule
