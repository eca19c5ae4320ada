// Leads a request of the bus to the slave at its address and that slave's answer back, two cycles later.
// Whatever is not the controller's, the engine's or board memory is the device's, which refuses what it does not have.
module cim_route (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        req_i,
  input  logic [31:0] addr_i,
  output logic        rsp_o,
  output logic [3:0]  status_o,
  output logic [31:0] rdata_o,
  // Slaves.
  output logic        device_req_o,
  input  logic        device_rsp_i,
  input  logic [3:0]  device_status_i,
  input  logic [31:0] device_rdata_i,
  output logic        control_req_o,
  input  logic        control_rsp_i,
  input  logic [3:0]  control_status_i,
  input  logic [31:0] control_rdata_i,
  output logic        engine_req_o,
  input  logic        engine_rsp_i,
  input  logic [3:0]  engine_status_i,
  input  logic [31:0] engine_rdata_i,
  output logic        memory_req_o,
  input  logic        memory_rsp_i,
  input  logic [3:0]  memory_status_i,
  input  logic [31:0] memory_rdata_i
);
  localparam logic [31:0] MemoryBits = ~(cim_spec_pkg::WindowMemoryBytes - 32'd1);

  logic to_control, to_engine, to_memory;
  assign to_control = addr_i[31:8] == {20'd0, cim_spec_pkg::RegCoreCtrl[11:8]};
  assign to_engine = addr_i[31:8] == {20'd0, cim_spec_pkg::RegEngineInfo[11:8]};
  assign to_memory = (addr_i & MemoryBits) == cim_spec_pkg::WindowMemory;
  assign control_req_o = req_i && to_control;
  assign engine_req_o = req_i && to_engine;
  assign memory_req_o = req_i && to_memory;
  assign device_req_o = req_i && !to_control && !to_engine && !to_memory;

  assign rsp_o = device_rsp_i || control_rsp_i || engine_rsp_i || memory_rsp_i;
  always_comb begin
    status_o = device_status_i;
    rdata_o = device_rdata_i;
    if (control_rsp_i) begin
      status_o = control_status_i;
      rdata_o = control_rdata_i;
    end
    if (engine_rsp_i) begin
      status_o = engine_status_i;
      rdata_o = engine_rdata_i;
    end
    if (memory_rsp_i) begin
      status_o = memory_status_i;
      rdata_o = memory_rdata_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      OneAnswer_A : assert (32'(device_rsp_i) + 32'(control_rsp_i) + 32'(engine_rsp_i) + 32'(memory_rsp_i) <= 1);
    end
  end
endmodule
