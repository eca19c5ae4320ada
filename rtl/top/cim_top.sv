// The whole device, independent of any board: host link (UART pins or a stream of words), registers, tile. It only wires.
module cim_top #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  parameter int unsigned Effects = 0,         // 1: the device model beyond offsets
  parameter int unsigned ClksPerBit = 4,
  parameter logic [31:0] ConfigHash = 32'h0
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        link_sel_i,       // 0 UART, 1 stream; a change drops what is half-way
  input  logic        uart_rx_i,
  output logic        uart_tx_o,
  input  logic        stream_rx_valid_i,
  output logic        stream_rx_ready_o,
  input  logic [31:0] stream_rx_data_i,
  output logic        stream_tx_valid_o,
  input  logic        stream_tx_ready_i,
  output logic [31:0] stream_tx_data_o,
  output logic        busy_o,           // a job runs
  output logic        link_idle_o,      // no frame is received, executed or sent
  output logic [63:0] cycle_o           // clock cycles since reset
);
  if (Rows < 4 || Rows > 512 || (1 << $clog2(Rows)) != Rows) begin : gen_illegal_rows
    $fatal(1, "cim_top: Rows must be a power of two, 4 .. 512.");
  end
  if (Cols < 4 || Cols > 256 || (1 << $clog2(Cols)) != Cols) begin : gen_illegal_cols
    $fatal(1, "cim_top: Cols must be a power of two, 4 .. 256.");
  end
  if (Banks < 1 || Banks > 4096 || Banks * Rows * Cols > 1 << 24) begin : gen_illegal_banks
    $fatal(1, "cim_top: Banks must be 1 .. 4096, and there may be at most 2^24 cells.");
  end
  if (InBits != 8) begin : gen_illegal_in_bits
    $fatal(1, "cim_top: InBits must be 8.");
  end
  if (InWords < 2 || InWords < Rows / 4 || InWords > 32768 || (1 << $clog2(InWords)) != InWords) begin : gen_illegal_in
    $fatal(1, "cim_top: InWords must be a power of two, at least 2 and Rows / 4, at most 32768.");
  end
  if (OutWords < 2 || OutWords < Cols / 4 || OutWords > 32768 || (1 << $clog2(OutWords)) != OutWords) begin : gen_illegal_out
    $fatal(1, "cim_top: OutWords must be a power of two, at least 2 and Cols / 4, at most 32768.");
  end

  if (Effects > 1 || (Effects == 1 && Rows > 256)) begin : gen_illegal_effects
    $fatal(1, "cim_top: Effects must be 0 or 1, and with 1 Rows may be at most 256.");
  end

  // Which link.
  logic sel_q, flush;
  always_ff @(posedge clk_i) sel_q <= link_sel_i;
  assign flush = sel_q != link_sel_i;

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

  // Link and registers.
  logic begin_check, req, req_check, req_we, rsp, any_error, refused;
  logic [31:0] req_addr, req_wdata, rsp_rdata, refused_addr;
  logic [3:0] rsp_status;
  logic [10:0] link_errors, error_set;

  cim_link #(.Kept(Kept), .MaxPayload(MaxPayload)) u_link (
    .clk_i, .rst_ni, .flush_i(flush), .idle_o(link_idle),
    .rx_valid_i(rx_valid), .rx_ready_o(rx_ready), .rx_data_i(rx_data), .rx_hunting_o(hunting),
    .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_data_o(tx_data),
    .begin_o(begin_check), .req_o(req), .req_check_o(req_check), .req_we_o(req_we),
    .req_addr_o(req_addr), .req_wdata_o(req_wdata), .rsp_i(rsp), .rsp_status_i(rsp_status),
    .rsp_rdata_i(rsp_rdata),
    .busy_i(busy_o), .any_error_i(any_error), .error_set_o(link_errors), .refused_o(refused),
    .refused_addr_o(refused_addr)
  );

  always_comb begin
    error_set = link_errors;
    error_set[cim_spec_pkg::ErrorUartFrameLsb] = uart_frame_error;
    error_set[cim_spec_pkg::ErrorRxOverflowLsb] = uart_overflow;
  end

  cim_device #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords), .Kept(Kept),
    .MaxPayload(MaxPayload), .Effects(Effects), .ConfigHash(ConfigHash)
  ) u_device (
    .clk_i, .rst_ni, .begin_i(begin_check), .req_i(req), .check_i(req_check), .we_i(req_we), .addr_i(req_addr),
    .wdata_i(req_wdata), .rsp_o(rsp), .rsp_status_o(rsp_status), .rsp_rdata_o(rsp_rdata),
    .error_set_i(error_set), .refused_i(refused), .refused_addr_i(refused_addr), .any_error_o(any_error), .busy_o,
    .cycle_o
  );
endmodule
