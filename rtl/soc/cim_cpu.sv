// The core: PicoRV32 (RV32IMC, interrupts) with its way to board memory and, word by word, to the bus.
module cim_cpu #(
  parameter int unsigned MemoryBytes = 4096
) (
  input  logic        clk_i,
  input  logic        rst_ni,         // of the whole device
  input  logic        core_rst_ni,    // of the core alone; what it has asked on the bus still ends
  input  logic [3:0]  irq_i,          // levels, lines 3 .. 6 of the core
  output logic        trap_o,
  output logic        waiting_o,      // it has used neither memory nor bus for Quiet cycles: it waits for an interrupt
  output logic [6:0]  waited_o,       // cycles of waiting that this cycle makes known
  // Board memory, see cim_memory.
  output logic        memory_ahead_o,
  output logic [21:0] memory_ahead_word_o,
  output logic        memory_valid_o,
  output logic [3:0]  memory_be_o,
  output logic [21:0] memory_word_o,
  output logic [31:0] memory_wdata_o,
  input  logic        memory_ready_i,
  input  logic [31:0] memory_rdata_i,
  // Bus, see cim_fabric.
  output logic        bus_valid_o,
  output logic        bus_we_o,
  output logic [31:0] bus_addr_o,
  output logic [31:0] bus_wdata_o,
  input  logic        bus_ready_i,
  input  logic [3:0]  bus_status_i,
  input  logic [31:0] bus_rdata_i,
  // An access that was refused; the core goes on a cycle later, with an interrupt pending.
  output logic        fault_o,
  output logic [31:0] fault_addr_o,
  output logic [3:0]  fault_status_o,
  output logic        fault_write_o
);
  // No instruction but waitirq takes so long without memory or bus: a division takes about 40 cycles.
  localparam logic [6:0] Quiet = 7'd64;

  logic valid, instr, ready, ahead_read, ahead_write;
  logic [31:0] addr, wdata, rdata, ahead_addr;
  logic [3:0] be;

  /* verilator lint_off PINCONNECTEMPTY */
  picorv32 #(
    .ENABLE_COUNTERS64(1'b0), .BARREL_SHIFTER(1'b1), .COMPRESSED_ISA(1'b1), .ENABLE_FAST_MUL(1'b1), .ENABLE_DIV(1'b1),
    .ENABLE_IRQ(1'b1), .ENABLE_IRQ_TIMER(1'b0),
    // Lines 1 and 2 are the core's own and pulses, 3 to 6 are levels, there are no others.
    .MASKED_IRQ(32'hFFFF_FF81), .LATCHED_IRQ(32'h0000_0007),
    .PROGADDR_RESET(cim_spec_pkg::WindowMemory), .PROGADDR_IRQ(cim_spec_pkg::WindowMemory + 32'h10)
  ) u_core (
    .clk(clk_i), .resetn(core_rst_ni), .trap(trap_o),
    .mem_valid(valid), .mem_instr(instr), .mem_ready(ready), .mem_addr(addr), .mem_wdata(wdata), .mem_wstrb(be),
    .mem_rdata(rdata), .mem_la_read(ahead_read), .mem_la_write(ahead_write), .mem_la_addr(ahead_addr),
    .mem_la_wdata(), .mem_la_wstrb(), .pcpi_valid(), .pcpi_insn(), .pcpi_rs1(), .pcpi_rs2(), .pcpi_wr(1'b0),
    .pcpi_rd(32'd0), .pcpi_wait(1'b0), .pcpi_ready(1'b0), .irq({25'd0, irq_i, 3'd0}), .eoi(), .trace_valid(),
    .trace_data()
  );
  /* verilator lint_on PINCONNECTEMPTY */

  function automatic logic inside_memory(input logic [31:0] where);
    inside_memory = (where & ~(MemoryBytes - 32'd1)) == cim_spec_pkg::WindowMemory;
  endfunction

  // Board memory.
  assign memory_ahead_o = ahead_read && inside_memory(ahead_addr);
  assign memory_ahead_word_o = 22'((ahead_addr & (MemoryBytes - 32'd1)) >> 2);
  assign memory_valid_o = valid && inside_memory(addr);
  assign memory_be_o = be;
  assign memory_word_o = 22'((addr & (MemoryBytes - 32'd1)) >> 2);
  assign memory_wdata_o = wdata;

  // Everything else goes over the bus, but for what a word-wide bus cannot do, and for instructions: they come from
  // board memory alone. A fetch elsewhere (perhaps one ahead of a jump) reads 0, an illegal instruction.
  typedef enum logic [2:0] {Idle, Bus, Refused, Done} state_e;
  state_e state_q, state_d;
  logic elsewhere, dropped_q;
  logic [31:0] addr_q, wdata_q, rdata_q;
  logic [3:0] status_q;
  logic write_q;
  assign elsewhere = valid && core_rst_ni && !inside_memory(addr);

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle: begin
        if (elsewhere) begin
          if (instr) state_d = Done;
          else if (be != 4'b0000 && be != 4'b1111) state_d = Refused;
          else state_d = Bus;
        end
      end
      Bus: if (bus_ready_i) state_d = bus_status_i == cim_spec_pkg::StatusOk[3:0] ? Done : Refused;
      Refused: state_d = Done;
      default: state_d = Idle;  // Done
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      dropped_q <= 1'b0;
    end else begin
      state_q <= state_d;
      dropped_q <= state_d != Idle && (dropped_q || !core_rst_ni);
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      addr_q <= addr;
      wdata_q <= wdata;
      write_q <= be != '0;
      rdata_q <= '0;
      status_q <= cim_spec_pkg::StatusBadValue[3:0];  // of a store of less than a word
    end else if (state_q == Bus && bus_ready_i) begin
      status_q <= bus_status_i;
      rdata_q <= bus_status_i == cim_spec_pkg::StatusOk[3:0] ? bus_rdata_i : '0;
    end
  end

  assign bus_valid_o = state_q == Bus;
  assign bus_we_o = write_q;
  assign bus_addr_o = addr_q;
  assign bus_wdata_o = wdata_q;
  assign fault_o = state_q == Refused && !dropped_q && core_rst_ni;
  assign fault_addr_o = addr_q;
  assign fault_status_o = status_q;
  assign fault_write_o = write_q;

  assign ready = memory_ready_i || (state_q == Done && !dropped_q);
  assign rdata = state_q == Done ? rdata_q : memory_rdata_i;

  // Waiting.
  logic [6:0] quiet_q;
  logic quiet;
  assign quiet = core_rst_ni && !valid && !ahead_read && !ahead_write;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || !quiet) quiet_q <= '0;
    else if (quiet_q != Quiet) quiet_q <= quiet_q + 7'd1;
  end
  assign waiting_o = quiet && quiet_q == Quiet;
  assign waited_o = !quiet || quiet_q < Quiet - 7'd1 ? 7'd0 : (quiet_q == Quiet ? 7'd1 : Quiet);

  always_ff @(posedge clk_i) begin
    if (rst_ni && core_rst_ni && state_q == Done && !dropped_q) CoreWaitsForItsAnswer_A : assert (valid);
  end
endmodule
