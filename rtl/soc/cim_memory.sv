// Board memory: words for the bus and the layer engine, bytes for the core. The bus always has its way, the core then waits, the
// engine for both; undisturbed, the core waits for nothing, because it says its next address a cycle ahead.
module cim_memory #(
  parameter int unsigned MemoryBytes = 4096   // a power of two, 4096 .. 2^24
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        req_i,
  input  logic        check_i,
  input  logic        we_i,
  input  logic [31:0] addr_i,
  input  logic [31:0] wdata_i,
  output logic        rsp_o,
  output logic [3:0]  status_o,
  output logic [31:0] rdata_o,
  // Core, word addresses in this memory.
  input  logic        core_ahead_i,        // a read follows in the next cycle ...
  input  logic [21:0] core_ahead_word_i,   // ... of this word
  input  logic        core_valid_i,        // stays with the values below until ready
  input  logic [3:0]  core_be_i,           // bytes to write, none: a read
  input  logic [21:0] core_word_i,
  input  logic [31:0] core_wdata_i,
  output logic        core_ready_o,
  output logic [31:0] core_rdata_o,
  // Layer engine: valid and the values stay until granted.
  input  logic        engine_req_i,
  input  logic        engine_we_i,
  input  logic [21:0] engine_word_i,
  input  logic [31:0] engine_wdata_i,
  output logic        engine_gnt_o,
  output logic [31:0] engine_rdata_o       // in the cycle after the grant
);
  if (MemoryBytes < 4096 || MemoryBytes > 1 << 24 || (1 << $clog2(MemoryBytes)) != MemoryBytes) begin : gen_illegal_bytes
    $fatal(1, "cim_memory: MemoryBytes must be a power of two, 4096 .. 2^24.");
  end
  localparam int unsigned Words = MemoryBytes / 4;
  localparam int unsigned WordW = $clog2(Words);

  // Bus.
  logic exists, bus_do, first_q, second_q;
  logic [3:0] status_q, status2_q;
  logic [31:0] ram_rdata, rdata_q;
  assign exists = 32'(addr_i[23:0]) < MemoryBytes && addr_i[1:0] == '0;
  assign bus_do = req_i && !check_i && exists;

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
    if (req_i) status_q <= exists ? cim_spec_pkg::StatusOk[3:0] : cim_spec_pkg::StatusBadAddress[3:0];
    if (first_q) begin
      status2_q <= status_q;
      rdata_q <= ram_rdata;
    end
  end

  assign rsp_o = second_q;
  assign status_o = status2_q;
  assign rdata_o = rdata_q;

  // Core. A word read for it is there for one cycle.
  logic core_read, core_write, fetched_q;
  logic [WordW-1:0] core_read_word;
  assign core_write = core_valid_i && core_be_i != '0 && !bus_do;
  assign core_read = !bus_do && (core_ahead_i || (core_valid_i && core_be_i == '0 && !fetched_q));
  assign core_read_word = core_ahead_i ? core_ahead_word_i[0+:WordW] : core_word_i[0+:WordW];
  assign core_ready_o = core_valid_i && (core_be_i != '0 ? !bus_do : fetched_q);
  assign core_rdata_o = ram_rdata;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) fetched_q <= 1'b0;
    else fetched_q <= core_read;
  end

  // Engine.
  assign engine_gnt_o = engine_req_i && !bus_do && !core_read && !core_write;
  assign engine_rdata_o = ram_rdata;

  // The one who reads or writes.
  logic we, re;
  logic [3:0] be;
  logic [WordW-1:0] waddr, raddr;
  logic [31:0] wdata;
  always_comb begin
    we = core_write;
    re = core_read;
    be = core_be_i;
    waddr = core_word_i[0+:WordW];
    raddr = core_read_word;
    wdata = core_wdata_i;
    if (bus_do) begin
      we = we_i;
      re = !we_i;
      be = 4'b1111;
      waddr = addr_i[2+:WordW];
      raddr = addr_i[2+:WordW];
      wdata = wdata_i;
    end else if (engine_gnt_o) begin
      we = engine_we_i;
      re = !engine_we_i;
      be = 4'b1111;
      waddr = engine_word_i[0+:WordW];
      raddr = engine_word_i[0+:WordW];
      wdata = engine_wdata_i;
    end
  end

  cim_ram_be #(.Width(32), .LaneW(8), .Depth(Words)) u_ram (
    .clk_i, .we_i(we), .waddr_i(waddr), .be_i(be), .wdata_i(wdata), .re_i(re), .raddr_i(raddr), .rdata_o(ram_rdata)
  );

  logic unused;
  assign unused = ^{addr_i[31:24], core_word_i, core_ahead_word_i, engine_word_i};

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      OneUser_A : assert (!(bus_do && (core_read || core_write)) && !(core_read && core_write));
      if (core_valid_i) CoreInMemory_A : assert (32'(core_word_i) < Words);
      if (engine_req_i) EngineInMemory_A : assert (32'(engine_word_i) < Words);
      if (core_ahead_i) AheadInMemory_A : assert (32'(core_ahead_word_i) < Words);
    end
  end
endmodule
