// The registers behind the bus: identity, settings, job, errors, counters, and the way to the tile's memories.
// Every request is answered two cycles later, in order, one a cycle; a check changes nothing outside the staged job.
module cim_regs #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  parameter logic [31:0] ConfigHash = 32'h0,
  parameter logic [63:0] FirstCycle = 64'd0   // of CYCLES after reset; another value is for tests of the carry
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        begin_i,       // a check pass begins
  input  logic        req_i,
  input  logic        check_i,       // say whether it would be refused, do nothing
  input  logic        we_i,
  input  logic [31:0] addr_i,
  input  logic [31:0] wdata_i,
  output logic        rsp_o,
  output logic [3:0]  rsp_status_o,  // cim_spec_pkg::Status*, lower bits
  output logic [31:0] rsp_rdata_o,
  // Link.
  input  logic [10:0] error_set_i,
  input  logic        refused_i,     // a word was refused ...
  input  logic [31:0] refused_addr_i,
  output logic        any_error_o,
  output logic        busy_o,
  // Tile.
  output logic        inject_en_o,
  output logic [4:0]  lsb_exp_o,
  output logic [7:0]  base_o,        // u0.8 level
  output logic        adc_transparent_o,
  output logic [4:0]  adc_shift_o,
  output logic [3:0]  adc_bits_o,
  output logic        job_valid_o,
  input  logic        job_ready_i,
  output logic [111:0] job_o,
  input  logic        tile_busy_i,
  output logic        mem_req_o,
  output logic        mem_we_o,
  output logic [2:0]  mem_sel_o,
  output logic [23:0] mem_addr_o,
  output logic [3:0]  mem_be_o,
  output logic [31:0] mem_wdata_o,
  input  logic        mem_rvalid_i,
  input  logic [31:0] mem_rdata_i,
  input  logic        product_i,
  input  logic [7:0]  sat_i,
  output logic [63:0] cycle_o
);
  localparam int unsigned Cells = Banks * Rows * Cols;

  // What the request is about.
  logic is_register, is_window, read_only, is_job, is_poke, is_start, guarded, exists, access_ok;
  logic value_ok, busy_now, job_legal, job_pending, start_staged_q;
  logic [2:0] sel;
  logic [23:0] word;
  logic [5:0] index;
  logic [3:0] status;
  logic do_write, do_mem;

  cim_bus_decode #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_decode (
    .addr_i, .register_o(is_register), .window_o(is_window), .read_only_o(read_only),
    .sel_o(sel), .word_o(word)
  );

  assign index = addr_i[7:2];
  assign is_job = addr_i[7:0] >= cim_spec_pkg::RegJobBank && addr_i[7:0] <= cim_spec_pkg::RegJobOut;
  assign is_start = addr_i[7:0] == cim_spec_pkg::RegJobStart;
  assign is_poke = is_register && addr_i[7:0] == cim_spec_pkg::RegCellPoke;
  assign guarded = is_window || is_poke || (addr_i[7:0] >= cim_spec_pkg::RegInject &&
      addr_i[7:0] <= cim_spec_pkg::RegJobStart);
  assign exists = is_window ||
      (is_register && (cim_spec_pkg::RegReadable[index] || cim_spec_pkg::RegWritable[index]));
  assign access_ok = is_window ? !(we_i && read_only)
      : (we_i ? cim_spec_pkg::RegWritable[index] : cim_spec_pkg::RegReadable[index]);
  assign busy_o = job_pending || tile_busy_i;
  assign busy_now = busy_o || (check_i && start_staged_q);

  logic settings_legal;
  always_comb begin
    value_ok = 1'b1;
    unique case (addr_i[7:0])
      cim_spec_pkg::RegCtrl: value_ok = (wdata_i & ~cim_spec_pkg::CtrlBits) == '0;
      cim_spec_pkg::RegJobStart: begin
        value_ok = (wdata_i & ~cim_spec_pkg::JobStartBits) == '0 && (!wdata_i[0] || job_legal);
      end
      cim_spec_pkg::RegCellPoke: value_ok = 32'(wdata_i[31:8]) < Cells;
      default: value_ok = settings_legal && (!is_job || wdata_i[31:16] == '0);
    endcase
    if (is_window || !we_i) value_ok = 1'b1;
  end

  always_comb begin
    status = cim_spec_pkg::StatusOk[3:0];
    if (!exists) status = cim_spec_pkg::StatusBadAddress[3:0];
    else if (!access_ok) status = cim_spec_pkg::StatusAccess[3:0];
    else if (guarded && busy_now) status = cim_spec_pkg::StatusBusy[3:0];
    else if (!value_ok) status = cim_spec_pkg::StatusBadValue[3:0];
  end

  assign do_write = req_i && !check_i && we_i && is_register && status == '0;
  assign do_mem = req_i && !check_i && status == '0 && (is_window || is_poke);

  // Memories of the tile. A poke writes one byte: the cell's number is the offset's byte address in the window.
  assign mem_req_o = do_mem;
  assign mem_we_o = we_i;
  assign mem_sel_o = is_poke ? cim_tile_pkg::SelOffset : sel;
  assign mem_addr_o = is_poke ? {2'b0, wdata_i[31:10]} : word;
  assign mem_be_o = is_poke ? 4'b0001 << wdata_i[9:8] : 4'b1111;
  assign mem_wdata_o = is_poke ? {4{wdata_i[7:0]}} : wdata_i;

  logic [31:0] scratch;
  cim_settings u_settings (
    .clk_i, .rst_ni, .we_i(do_write), .addr_i(addr_i[7:0]), .wdata_i, .legal_o(settings_legal),
    .scratch_o(scratch), .inject_en_o, .lsb_exp_o, .base_o, .adc_transparent_o, .adc_shift_o,
    .adc_bits_o
  );

  // The staged start makes the tile busy for what follows it in the same check pass.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) start_staged_q <= 1'b0;
    else if (req_i && check_i && we_i && is_register && is_start && status == '0 && wdata_i[0]) begin
      start_staged_q <= 1'b1;
    end
  end

  cim_job #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_job (
    .clk_i, .rst_ni, .begin_i,
    .stage_we_i(req_i && check_i && we_i && is_register && is_job && status == '0),
    .we_i(do_write && is_job), .index_i(addr_i[4:2] - 3'd4), .wdata_i(wdata_i[15:0]),
    .legal_o(job_legal), .job_o,
    .start_i(do_write && is_start && wdata_i[0]),
    .job_valid_o, .job_ready_i, .pending_o(job_pending)
  );

  logic [10:0] error_bits;
  logic [31:0] error_addr;
  cim_errors u_errors (
    .clk_i, .rst_ni, .set_i(error_set_i), .refused_i, .addr_i(refused_addr_i),
    .clear_we_i(do_write && addr_i[7:0] == cim_spec_pkg::RegError), .clear_i(wdata_i[10:0]),
    .error_o(error_bits), .error_addr_o(error_addr), .any_o(any_error_o)
  );

  // First cycle: what to answer. Second cycle: the value of a register.
  logic first_q, second_q, from_mem_q, from_mem2_q, latch_q;
  logic [5:0] index_q;
  logic [3:0] status_q, status2_q;
  logic [31:0] rdata_q, register_value;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b0;
      second_q <= 1'b0;
    end else begin
      first_q <= req_i;
      second_q <= first_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (req_i) begin
      index_q <= index;
      status_q <= status;
      from_mem_q <= do_mem;
      latch_q <= is_register && !check_i && !we_i && addr_i[7:0] == cim_spec_pkg::RegCyclesLo;
    end
  end

  always_ff @(posedge clk_i) begin
    if (first_q) begin
      rdata_q <= register_value;
      status2_q <= status_q;
      from_mem2_q <= from_mem_q;
    end
  end

  assign rsp_o = second_q;
  assign rsp_status_o = status2_q;
  assign rsp_rdata_o = from_mem2_q ? mem_rdata_i : rdata_q;

  logic [31:0] cycle_high, products, saturations, busy_cycles;
  cim_counters #(.FirstCycle(FirstCycle)) u_counters (
    .clk_i, .rst_ni,
    .clear_i(do_write && addr_i[7:0] == cim_spec_pkg::RegCtrl && wdata_i[0]),
    .latch_i(first_q && latch_q),
    .busy_i(busy_o), .product_i, .sat_i,
    .cycle_o, .cycle_high_o(cycle_high), .products_o(products), .saturations_o(saturations),
    .busy_cycles_o(busy_cycles)
  );

  always_comb begin
    unique case ({index_q, 2'b00})
      cim_spec_pkg::RegMagic: register_value = cim_spec_pkg::MagicValue;
      cim_spec_pkg::RegVersion: register_value = cim_spec_pkg::VersionValue;
      cim_spec_pkg::RegMapHash: register_value = cim_spec_pkg::MapHash;
      cim_spec_pkg::RegConfigHash: register_value = ConfigHash;
      cim_spec_pkg::RegGeomArray: register_value = {16'(Cols), 16'(Rows)};
      cim_spec_pkg::RegGeomBanks: register_value = {4'd8, 4'd2, 4'd2, 4'(InBits), 16'(Banks)};
      cim_spec_pkg::RegBuffers: register_value = {16'(OutWords), 16'(InWords)};
      cim_spec_pkg::RegLinkInfo: register_value = {16'(MaxPayload), 8'd0, 8'(Kept)};
      cim_spec_pkg::RegScratch: register_value = scratch;
      cim_spec_pkg::RegStatus: register_value = 32'(busy_o);
      cim_spec_pkg::RegError: register_value = 32'(error_bits);
      cim_spec_pkg::RegErrorAddr: register_value = error_addr;
      cim_spec_pkg::RegInject: register_value = {19'd0, lsb_exp_o, 7'd0, inject_en_o};
      cim_spec_pkg::RegBase: register_value = 32'(base_o);
      cim_spec_pkg::RegAdc: begin
        register_value = {15'd0, adc_transparent_o, 4'd0, adc_bits_o, 3'd0, adc_shift_o};
      end
      cim_spec_pkg::RegJobBank: register_value = 32'(job_o[0+:16]);
      cim_spec_pkg::RegJobRows: register_value = 32'(job_o[16+:16]);
      cim_spec_pkg::RegJobCols: register_value = 32'(job_o[32+:16]);
      cim_spec_pkg::RegJobCount: register_value = 32'(job_o[48+:16]);
      cim_spec_pkg::RegJobIn: register_value = 32'(job_o[64+:16]);
      cim_spec_pkg::RegJobStride: register_value = 32'(job_o[80+:16]);
      cim_spec_pkg::RegJobOut: register_value = 32'(job_o[96+:16]);
      cim_spec_pkg::RegCyclesLo: register_value = cycle_o[31:0];
      cim_spec_pkg::RegCyclesHi: register_value = cycle_high;
      cim_spec_pkg::RegProducts: register_value = products;
      cim_spec_pkg::RegSaturations: register_value = saturations;
      cim_spec_pkg::RegBusyCycles: register_value = busy_cycles;
      default: register_value = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && mem_req_o) MemoryOnlyWhileIdle_A : assert (!busy_o);
    if (rst_ni && second_q) TileAnswersInTwoCycles_A : assert (!from_mem2_q || mem_rvalid_i);
  end
endmodule
