// The whole device with a controller: host link, core, board memory and layer engine beside registers and tile. It only wires.
module cim_board #(
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
  parameter int unsigned MemoryBytes = 4096,
  parameter int unsigned ClksPerBit = 4,
  parameter int unsigned WordPorts = 1,       // masters of single words beside core and link, 1 .. 3
  parameter logic [31:0] ConfigHash = 32'h0
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
  // Single words of other masters beside core and link: valid and the values stay until ready.
  input  logic [WordPorts-1:0] word_valid_i,
  input  logic [WordPorts-1:0] word_we_i,
  input  logic [32*WordPorts-1:0] word_addr_i,
  input  logic [32*WordPorts-1:0] word_wdata_i,
  output logic [WordPorts-1:0] word_ready_o,
  output logic [3:0]  word_status_o,    // with ready, as rdata is
  output logic [31:0] word_rdata_o,
  output logic        busy_o,           // a job runs, or the core executes
  output logic        link_idle_o,      // no frame is received, executed or sent
  output logic        attention_o,      // ATTENTION is not 0
  output logic [63:0] cycle_o           // clock cycles since reset
);
  // The link's side of the arbiter.
  logic lock, link_begin, link_req, link_check, link_we, link_rsp, device_busy, any_error, refused;
  logic [31:0] link_addr, link_wdata, link_rdata, refused_addr;
  logic [3:0] link_status;
  logic [10:0] error_set;

  cim_host_link #(.Kept(Kept), .MaxPayload(MaxPayload), .ClksPerBit(ClksPerBit)) u_host (
    .clk_i, .rst_ni, .link_sel_i, .flush_i, .uart_rx_i, .uart_tx_o, .stream_rx_valid_i, .stream_rx_ready_o, .stream_rx_data_i,
    .stream_tx_valid_o, .stream_tx_ready_i, .stream_tx_data_o, .link_idle_o,
    .lock_o(lock), .begin_o(link_begin), .req_o(link_req), .req_check_o(link_check), .req_we_o(link_we),
    .req_addr_o(link_addr), .req_wdata_o(link_wdata), .rsp_i(link_rsp), .rsp_status_i(link_status),
    .rsp_rdata_i(link_rdata), .busy_i(device_busy), .any_error_i(any_error), .error_set_o(error_set),
    .refused_o(refused), .refused_addr_o(refused_addr)
  );

  // The core's side, and the bus behind.
  logic core_valid, core_we, core_ready;
  logic [31:0] core_addr, core_wdata, core_rdata;
  logic [3:0] core_status;
  logic bus_begin, bus_req, bus_check, bus_we, bus_rsp;
  logic [31:0] bus_addr, bus_wdata, bus_rdata;
  logic [3:0] bus_status;

  cim_fabric #(.Masters(WordPorts + 1)) u_fabric (
    .clk_i, .rst_ni, .lock_i(lock), .link_begin_i(link_begin), .link_req_i(link_req), .link_check_i(link_check),
    .link_we_i(link_we), .link_addr_i(link_addr), .link_wdata_i(link_wdata), .link_rsp_o(link_rsp),
    .link_status_o(link_status), .link_rdata_o(link_rdata),
    .valid_i({word_valid_i, core_valid}), .we_i({word_we_i, core_we}), .addr_i({word_addr_i, core_addr}),
    .wdata_i({word_wdata_i, core_wdata}), .ready_o({word_ready_o, core_ready}), .status_o(core_status),
    .rdata_o(core_rdata),
    .begin_o(bus_begin), .req_o(bus_req), .check_o(bus_check), .we_o(bus_we), .addr_o(bus_addr), .wdata_o(bus_wdata),
    .rsp_i(bus_rsp), .rsp_status_i(bus_status), .rsp_rdata_i(bus_rdata)
  );

  assign word_status_o = core_status;
  assign word_rdata_o = core_rdata;

  logic device_req, device_rsp, control_req, control_rsp, engine_req, engine_rsp, memory_req, memory_rsp;
  logic [3:0] device_status, control_status, engine_status, memory_status;
  logic [31:0] device_rdata, control_rdata, engine_rdata, memory_rdata;

  cim_route u_route (
    .clk_i, .rst_ni, .req_i(bus_req), .addr_i(bus_addr), .rsp_o(bus_rsp), .status_o(bus_status), .rdata_o(bus_rdata),
    .device_req_o(device_req), .device_rsp_i(device_rsp), .device_status_i(device_status),
    .device_rdata_i(device_rdata), .control_req_o(control_req), .control_rsp_i(control_rsp),
    .control_status_i(control_status), .control_rdata_i(control_rdata), .engine_req_o(engine_req),
    .engine_rsp_i(engine_rsp), .engine_status_i(engine_status), .engine_rdata_i(engine_rdata), .memory_req_o(memory_req),
    .memory_rsp_i(memory_rsp), .memory_status_i(memory_status), .memory_rdata_i(memory_rdata)
  );

  // The layer engine's ways to the tile.
  logic engine_busy, engine_job_valid, engine_job_ready, engine_in_we, engine_out_re, product, tile_busy;
  logic [31:0] engine_adc, engine_job_read, engine_in_wdata;
  logic [111:0] engine_job;
  logic [15:0] engine_in_addr, engine_out_addr;
  logic [41:0] engine_out_rdata;

  cim_device #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords), .Kept(Kept),
    .MaxPayload(MaxPayload), .Effects(Effects), .Converters(Converters), .Controller(1), .ConfigHash(ConfigHash)
  ) u_device (
    .clk_i, .rst_ni, .begin_i(bus_begin), .req_i(device_req), .check_i(bus_check), .we_i(bus_we), .addr_i(bus_addr),
    .wdata_i(bus_wdata), .rsp_o(device_rsp), .rsp_status_o(device_status), .rsp_rdata_o(device_rdata),
    .error_set_i(error_set), .refused_i(refused), .refused_addr_i(refused_addr), .any_error_o(any_error),
    .engine_busy_i(engine_busy), .engine_adc_i(engine_adc), .engine_job_valid_i(engine_job_valid),
    .engine_job_ready_o(engine_job_ready), .engine_job_i(engine_job), .engine_job_read_i(engine_job_read),
    .engine_in_we_i(engine_in_we), .engine_in_addr_i(engine_in_addr), .engine_in_wdata_i(engine_in_wdata),
    .engine_out_re_i(engine_out_re), .engine_out_addr_i(engine_out_addr), .engine_out_rdata_o(engine_out_rdata),
    .product_o(product), .tile_busy_o(tile_busy), .busy_o(device_busy), .cycle_o
  );

  // Controller.
  logic core_rst_n, trap, waiting, fault, fault_write, active;
  logic [3:0] irq, fault_status;
  logic [6:0] waited;
  logic [31:0] fault_addr;

  cim_control #(.MemoryBytes(MemoryBytes)) u_control (
    .clk_i, .rst_ni, .req_i(control_req), .check_i(bus_check), .we_i(bus_we), .addr_i(bus_addr[7:0]),
    .wdata_i(bus_wdata), .rsp_o(control_rsp), .status_o(control_status), .rdata_o(control_rdata),
    .core_rst_no(core_rst_n), .irq_o(irq), .trap_i(trap), .waiting_i(waiting), .waited_i(waited), .fault_i(fault),
    .fault_addr_i(fault_addr), .fault_status_i(fault_status), .fault_write_i(fault_write),
    .tile_busy_i(device_busy), .active_o(active), .attention_o
  );

  logic ahead, cpu_valid, cpu_ready;
  logic [21:0] ahead_word, cpu_word;
  logic [3:0] cpu_be;
  logic [31:0] cpu_wdata, cpu_rdata;

  cim_cpu #(.MemoryBytes(MemoryBytes)) u_cpu (
    .clk_i, .rst_ni, .core_rst_ni(core_rst_n), .irq_i(irq), .trap_o(trap), .waiting_o(waiting), .waited_o(waited),
    .memory_ahead_o(ahead), .memory_ahead_word_o(ahead_word), .memory_valid_o(cpu_valid), .memory_be_o(cpu_be),
    .memory_word_o(cpu_word), .memory_wdata_o(cpu_wdata), .memory_ready_i(cpu_ready), .memory_rdata_i(cpu_rdata),
    .bus_valid_o(core_valid), .bus_we_o(core_we), .bus_addr_o(core_addr), .bus_wdata_o(core_wdata),
    .bus_ready_i(core_ready), .bus_status_i(core_status), .bus_rdata_i(core_rdata),
    .fault_o(fault), .fault_addr_o(fault_addr), .fault_status_o(fault_status), .fault_write_o(fault_write)
  );

  cim_memory #(.MemoryBytes(MemoryBytes)) u_memory (
    .clk_i, .rst_ni, .req_i(memory_req), .check_i(bus_check), .we_i(bus_we), .addr_i(bus_addr), .wdata_i(bus_wdata),
    .rsp_o(memory_rsp), .status_o(memory_status), .rdata_o(memory_rdata),
    .core_ahead_i(ahead), .core_ahead_word_i(ahead_word), .core_valid_i(cpu_valid), .core_be_i(cpu_be),
    .core_word_i(cpu_word), .core_wdata_i(cpu_wdata), .core_ready_o(cpu_ready), .core_rdata_o(cpu_rdata),
    .engine_req_i(engine_mem_req), .engine_we_i(engine_mem_we), .engine_word_i(engine_mem_word),
    .engine_wdata_i(engine_mem_wdata), .engine_gnt_o(engine_mem_gnt), .engine_rdata_o(engine_mem_rdata)
  );

  // Layer engine. A core that stops takes it along.
  logic engine_start, engine_stop, engine_mem_req, engine_mem_we, engine_mem_gnt, core_ran_q;
  logic [21:0] engine_mem_word;
  logic [31:0] engine_network, engine_images, engine_logits, engine_first, engine_value, engine_done, engine_cycles;
  logic [31:0] engine_tile_cycles, engine_mem_wdata, engine_mem_rdata;
  logic [15:0] engine_count;
  logic [4:0] engine_layers;
  logic [3:0] engine_reason, engine_layer, engine_word;

  always_ff @(posedge clk_i) core_ran_q <= rst_ni && core_rst_n;

  cim_engine_regs #(.ActivationBytes(4 * InWords)) u_engine_regs (
    .clk_i, .rst_ni, .begin_i(bus_begin), .req_i(engine_req), .check_i(bus_check), .we_i(bus_we), .addr_i(bus_addr[7:0]),
    .wdata_i(bus_wdata), .rsp_o(engine_rsp), .status_o(engine_status), .rdata_o(engine_rdata), .device_busy_i(device_busy),
    .start_o(engine_start), .stop_o(engine_stop), .network_o(engine_network), .images_o(engine_images),
    .logits_o(engine_logits), .layers_o(engine_layers), .count_o(engine_count), .first_o(engine_first),
    .busy_i(engine_busy), .reason_i(engine_reason), .layer_i(engine_layer), .word_i(engine_word), .value_i(engine_value),
    .done_i(engine_done), .cycles_i(engine_cycles), .tile_cycles_i(engine_tile_cycles)
  );

  cim_engine #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords), .MemoryBytes(MemoryBytes)
  ) u_engine (
    .clk_i, .rst_ni, .start_i(engine_start), .stop_i(engine_stop || (core_ran_q && !core_rst_n)),
    .network_i(engine_network), .images_i(engine_images), .logits_i(engine_logits), .layers_i(engine_layers),
    .count_i(engine_count), .first_i(engine_first), .busy_o(engine_busy), .reason_o(engine_reason), .layer_o(engine_layer),
    .word_o(engine_word), .value_o(engine_value), .done_o(engine_done), .cycles_o(engine_cycles),
    .tile_cycles_o(engine_tile_cycles), .mem_req_o(engine_mem_req), .mem_we_o(engine_mem_we), .mem_word_o(engine_mem_word),
    .mem_wdata_o(engine_mem_wdata), .mem_gnt_i(engine_mem_gnt), .mem_rdata_i(engine_mem_rdata), .adc_o(engine_adc),
    .job_valid_o(engine_job_valid), .job_ready_i(engine_job_ready), .job_o(engine_job), .job_read_o(engine_job_read),
    .product_i(product), .tile_busy_i(tile_busy), .in_we_o(engine_in_we), .in_addr_o(engine_in_addr),
    .in_wdata_o(engine_in_wdata), .out_re_o(engine_out_re), .out_addr_o(engine_out_addr), .out_rdata_i(engine_out_rdata)
  );

  assign busy_o = device_busy || active;
endmodule
