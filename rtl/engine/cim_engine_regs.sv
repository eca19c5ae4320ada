// The registers ENGINE: what the layer engine shall run, and how the last run went.
// A slave of the bus: every request is answered two cycles later, a check changes nothing.
module cim_engine_regs #(
  parameter int unsigned ActivationBytes = 256    // of one activation memory
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        begin_i,        // a check pass begins
  input  logic        req_i,
  input  logic        check_i,
  input  logic        we_i,
  input  logic [7:0]  addr_i,         // in the block
  input  logic [31:0] wdata_i,
  output logic        rsp_o,
  output logic [3:0]  status_o,
  output logic [31:0] rdata_o,
  // Engine.
  input  logic        device_busy_i,  // a job, a generation, a self-test or the engine runs
  output logic        start_o,
  output logic        stop_o,
  output logic [31:0] network_o,      // byte addresses
  output logic [31:0] images_o,
  output logic [31:0] logits_o,
  output logic [4:0]  layers_o,
  output logic [15:0] count_o,
  output logic [31:0] first_o,
  input  logic        busy_i,
  input  logic [3:0]  reason_i,
  input  logic [3:0]  layer_i,
  input  logic [3:0]  word_i,
  input  logic [31:0] value_i,
  input  logic [31:0] done_i,
  input  logic [31:0] cycles_i,
  input  logic [31:0] tile_cycles_i
);
  // What the request is about.
  logic exists, access_ok, value_ok, guarded, staged_q, do_write, is_start;
  logic [5:0] index, index_q;
  logic [11:0] address, address_q;
  logic [3:0] status, status_q, status2_q;

  assign index = addr_i[7:2];
  assign address = cim_spec_pkg::RegEngineInfo + 12'(addr_i);
  assign address_q = cim_spec_pkg::RegEngineInfo + 12'({index_q, 2'b00});
  assign exists = addr_i[1:0] == '0 && (cim_spec_pkg::EngineReadable[index] || cim_spec_pkg::EngineWritable[index]);
  assign access_ok = we_i ? cim_spec_pkg::EngineWritable[index] : cim_spec_pkg::EngineReadable[index];
  assign guarded = address >= cim_spec_pkg::RegEngineNetwork && address <= cim_spec_pkg::RegEngineStart;
  assign is_start = address == cim_spec_pkg::RegEngineStart && wdata_i[0];

  always_comb begin
    unique case (address)
      cim_spec_pkg::RegEngineLayers: begin
        value_ok = wdata_i >= 32'(cim_spec_pkg::EngineLayersValueMin) && wdata_i <= 32'(cim_spec_pkg::EngineLayersValueMax);
      end
      cim_spec_pkg::RegEngineCount: begin
        value_ok = wdata_i >= 32'(cim_spec_pkg::EngineCountValueMin) && wdata_i <= 32'(cim_spec_pkg::EngineCountValueMax);
      end
      cim_spec_pkg::RegEngineStart: value_ok = (wdata_i & ~cim_spec_pkg::EngineStartBits) == '0;
      cim_spec_pkg::RegEngineStop: value_ok = (wdata_i & ~cim_spec_pkg::EngineStopBits) == '0;
      default: value_ok = 1'b1;
    endcase
    status = cim_spec_pkg::StatusOk[3:0];
    if (!exists) status = cim_spec_pkg::StatusBadAddress[3:0];
    else if (!access_ok) status = cim_spec_pkg::StatusAccess[3:0];
    else if (guarded && (device_busy_i || (check_i && staged_q))) status = cim_spec_pkg::StatusBusy[3:0];
    else if (we_i && !value_ok) status = cim_spec_pkg::StatusBadValue[3:0];
  end

  assign do_write = req_i && !check_i && we_i && status == '0;
  assign start_o = do_write && is_start;
  assign stop_o = do_write && address == cim_spec_pkg::RegEngineStop && wdata_i[0];

  // The staged start makes the device busy for what follows it in the same check pass.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) staged_q <= 1'b0;
    else if (req_i && check_i && we_i && is_start && status == '0) staged_q <= 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      network_o <= cim_spec_pkg::EngineNetworkReset;
      layers_o <= cim_spec_pkg::EngineLayersReset[4:0];
      images_o <= cim_spec_pkg::EngineImagesReset;
      count_o <= cim_spec_pkg::EngineCountReset[15:0];
      first_o <= cim_spec_pkg::EngineFirstReset;
      logits_o <= cim_spec_pkg::EngineLogitsReset;
    end else if (do_write) begin
      case (address)
        cim_spec_pkg::RegEngineNetwork: network_o <= wdata_i;
        cim_spec_pkg::RegEngineLayers: layers_o <= wdata_i[4:0];
        cim_spec_pkg::RegEngineImages: images_o <= wdata_i;
        cim_spec_pkg::RegEngineCount: count_o <= wdata_i[15:0];
        cim_spec_pkg::RegEngineFirst: first_o <= wdata_i;
        cim_spec_pkg::RegEngineLogits: logits_o <= wdata_i;
        default: ;
      endcase
    end
  end

  // First cycle: what to answer. Second cycle: the value.
  logic first_q, second_q;
  logic [31:0] value, rdata_q;
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
    end
    if (first_q) begin
      rdata_q <= value;
      status2_q <= status_q;
    end
  end

  always_comb begin
    unique case (address_q)
      cim_spec_pkg::RegEngineInfo: value = {8'd16, 4'd0, 20'(ActivationBytes)};
      cim_spec_pkg::RegEngineNetwork: value = network_o;
      cim_spec_pkg::RegEngineLayers: value = 32'(layers_o);
      cim_spec_pkg::RegEngineImages: value = images_o;
      cim_spec_pkg::RegEngineCount: value = 32'(count_o);
      cim_spec_pkg::RegEngineFirst: value = first_o;
      cim_spec_pkg::RegEngineLogits: value = logits_o;
      cim_spec_pkg::RegEngineStatus: value = {12'd0, word_i, 4'd0, layer_i, reason_i, 3'd0, busy_i};
      cim_spec_pkg::RegEngineValue: value = value_i;
      cim_spec_pkg::RegEngineDone: value = done_i;
      cim_spec_pkg::RegEngineCycles: value = cycles_i;
      default: value = tile_cycles_i;
    endcase
  end

  assign rsp_o = second_q;
  assign status_o = status2_q;
  assign rdata_o = rdata_q;
endmodule
