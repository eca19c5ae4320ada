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
  parameter int unsigned Converters = 1,      // columns that the tile converts a cycle; 0: the serial tile
  parameter int unsigned ClksPerBit = 4,
  parameter logic [31:0] ConfigHash = 32'h0,
  parameter logic [63:0] FirstCycle = 64'd0   // cycle_o after reset; another value is for tests of the carry
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
  logic begin_check, req, req_check, req_we, rsp, any_error, refused;
  logic unused_lock;  // the link is the only master
  logic [31:0] req_addr, req_wdata, rsp_rdata, refused_addr;
  logic [3:0] rsp_status;
  logic [10:0] error_set;

  cim_host_link #(.Kept(Kept), .MaxPayload(MaxPayload), .ClksPerBit(ClksPerBit)) u_host (
    .clk_i, .rst_ni, .link_sel_i, .flush_i(1'b0), .uart_rx_i, .uart_tx_o, .stream_rx_valid_i, .stream_rx_ready_o, .stream_rx_data_i,
    .stream_tx_valid_o, .stream_tx_ready_i, .stream_tx_data_o, .link_idle_o,
    .lock_o(unused_lock), .begin_o(begin_check), .req_o(req), .req_check_o(req_check), .req_we_o(req_we),
    .req_addr_o(req_addr), .req_wdata_o(req_wdata), .rsp_i(rsp), .rsp_status_i(rsp_status), .rsp_rdata_i(rsp_rdata),
    .busy_i(busy_o), .any_error_i(any_error), .error_set_o(error_set), .refused_o(refused),
    .refused_addr_o(refused_addr)
  );

  // No layer engine. Its constants have their widths: for '0 yosys reads the module again, under another name.
  logic engine_job_ready, product, tile_busy;
  logic [41:0] engine_out_rdata;
  logic unused;
  assign unused = ^{engine_job_ready, engine_out_rdata, product, tile_busy};

  cim_device #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords), .Kept(Kept),
    .MaxPayload(MaxPayload), .Effects(Effects), .Converters(Converters), .ConfigHash(ConfigHash),
    .FirstCycle(FirstCycle)
  ) u_device (
    .clk_i, .rst_ni, .begin_i(begin_check), .req_i(req), .check_i(req_check), .we_i(req_we), .addr_i(req_addr),
    .wdata_i(req_wdata), .rsp_o(rsp), .rsp_status_o(rsp_status), .rsp_rdata_o(rsp_rdata),
    .error_set_i(error_set), .refused_i(refused), .refused_addr_i(refused_addr), .any_error_o(any_error), .busy_o,
    .engine_busy_i(1'b0), .engine_adc_i(32'd0), .engine_job_valid_i(1'b0), .engine_job_ready_o(engine_job_ready),
    .engine_job_i(112'd0), .engine_job_read_i(32'd0), .engine_in_we_i(1'b0), .engine_in_addr_i(16'd0), .engine_in_wdata_i(32'd0),
    .engine_out_re_i(1'b0), .engine_out_addr_i(16'd0), .engine_out_rdata_o(engine_out_rdata), .product_o(product),
    .tile_busy_o(tile_busy), .cycle_o
  );
endmodule
