// The registers CONTROL: runs the core, collects its interrupts, watches over it, and holds the mailbox.
// A slave of the bus: every request is answered two cycles later, a check changes nothing.
module cim_control #(
  parameter int unsigned MemoryBytes = 4096
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        req_i,
  input  logic        check_i,
  input  logic        we_i,
  input  logic [7:0]  addr_i,         // in the block
  input  logic [31:0] wdata_i,
  output logic        rsp_o,
  output logic [3:0]  status_o,
  output logic [31:0] rdata_o,
  // Core.
  output logic        core_rst_no,
  output logic [3:0]  irq_o,          // IRQ_PENDING
  input  logic        trap_i,
  input  logic        waiting_i,
  input  logic [6:0]  waited_i,       // cycles of waiting to add
  input  logic        fault_i,        // an access was refused ...
  input  logic [31:0] fault_addr_i,
  input  logic [3:0]  fault_status_i,
  input  logic        fault_write_i,
  // Device.
  input  logic        tile_busy_i,
  output logic        active_o,       // the core executes, or its watchdog counts
  output logic        attention_o
);
  localparam logic [31:0] WatchdogWarning = 32'd1024;

  // What the request is about.
  logic exists, access_ok, value_ok, do_write;
  logic [5:0] index, index_q;
  logic [11:0] address, address_q;
  logic [31:0] legal_bits;
  logic [3:0] status, status_q, status2_q;

  assign index = addr_i[7:2];
  assign address = cim_spec_pkg::RegCoreCtrl + 12'(addr_i);
  assign address_q = cim_spec_pkg::RegCoreCtrl + 12'({index_q, 2'b00});
  assign exists = addr_i[1:0] == '0 && (cim_spec_pkg::ControlReadable[index] || cim_spec_pkg::ControlWritable[index]);
  assign access_ok = we_i ? cim_spec_pkg::ControlWritable[index] : cim_spec_pkg::ControlReadable[index];

  always_comb begin
    unique case (address)
      cim_spec_pkg::RegCoreCtrl: legal_bits = cim_spec_pkg::CoreCtrlBits;
      cim_spec_pkg::RegDoorbell: legal_bits = cim_spec_pkg::DoorbellBits;
      cim_spec_pkg::RegNotify: legal_bits = cim_spec_pkg::NotifyBits;
      default: legal_bits = 32'hFFFF_FFFF;
    endcase
    value_ok = !we_i || (wdata_i & ~legal_bits) == '0;
    status = cim_spec_pkg::StatusOk[3:0];
    if (!exists) status = cim_spec_pkg::StatusBadAddress[3:0];
    else if (!access_ok) status = cim_spec_pkg::StatusAccess[3:0];
    else if (!value_ok) status = cim_spec_pkg::StatusBadValue[3:0];
  end

  assign do_write = req_i && !check_i && we_i && status == '0;

  // Run, trap and watchdog.
  logic run_q, trap_q, expired_q, running, set_run, start, stop, expires;
  logic [31:0] watchdog_q;
  assign set_run = do_write && address == cim_spec_pkg::RegCoreCtrl;
  assign start = set_run && wdata_i[0] && !run_q;
  assign stop = set_run && !wdata_i[0];
  assign running = run_q && !expired_q && !trap_q;
  assign expires = running && watchdog_q == 32'd1;
  assign core_rst_no = run_q && !expired_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      run_q <= 1'b0;
      trap_q <= 1'b0;
      expired_q <= 1'b0;
    end else if (set_run) begin
      run_q <= wdata_i[0];
      trap_q <= wdata_i[0] && (trap_q || (core_rst_no && trap_i));
      expired_q <= wdata_i[0] && (expired_q || expires);
    end else begin
      if (core_rst_no && trap_i) trap_q <= 1'b1;
      if (expires) expired_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || stop) watchdog_q <= '0;
    else if (do_write && address == cim_spec_pkg::RegWatchdog) watchdog_q <= expires ? '0 : wdata_i;
    else if (running && watchdog_q != '0) watchdog_q <= watchdog_q - 32'd1;
  end

  // Interrupts of the core, and of the host.
  logic tile_busy_q, trap_seen_q;
  logic [3:0] pending_q, pending_set, pending_clear;
  logic [2:0] attention_q, attention_set, attention_clear;
  assign pending_clear = do_write && address == cim_spec_pkg::RegIrqPending ? wdata_i[3:0] : '0;
  assign attention_clear = do_write && address == cim_spec_pkg::RegAttention ? wdata_i[2:0] : '0;

  always_comb begin
    pending_set = '0;
    pending_set[cim_spec_pkg::IrqPendingDoorbellLsb] = do_write && address == cim_spec_pkg::RegDoorbell && wdata_i[0];
    pending_set[cim_spec_pkg::IrqPendingTileLsb] = tile_busy_q && !tile_busy_i;
    pending_set[cim_spec_pkg::IrqPendingFaultLsb] = fault_i;
    pending_set[cim_spec_pkg::IrqPendingWatchdogLsb] = running && watchdog_q == WatchdogWarning + 32'd1;
    attention_set = '0;
    attention_set[cim_spec_pkg::AttentionDoneLsb] = do_write && address == cim_spec_pkg::RegNotify && wdata_i[0];
    attention_set[cim_spec_pkg::AttentionTrapLsb] = trap_q && !trap_seen_q;
    attention_set[cim_spec_pkg::AttentionWatchdogLsb] = expires;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tile_busy_q <= 1'b0;
      trap_seen_q <= 1'b0;
      pending_q <= '0;
      attention_q <= '0;
    end else begin
      tile_busy_q <= tile_busy_i;
      trap_seen_q <= trap_q;
      pending_q <= (pending_q & ~pending_clear) | pending_set;
      attention_q <= (attention_q & ~attention_clear) | attention_set;
    end
  end

  logic [31:0] fault_addr_q;
  logic [4:0] fault_info_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fault_addr_q <= '0;
      fault_info_q <= '0;
    end else if (fault_i && !(pending_q[cim_spec_pkg::IrqPendingFaultLsb] &&
                              !pending_clear[cim_spec_pkg::IrqPendingFaultLsb])) begin
      fault_addr_q <= fault_addr_i;
      fault_info_q <= {fault_write_i, fault_status_i};
    end
  end

  assign irq_o = pending_q;
  assign attention_o = attention_q != '0;
  // A core that waits without an interrupt and without a watchdog stays as it is, however long.
  assign active_o = running && !(waiting_i && pending_q == '0 && watchdog_q == '0);

  // Counters, since the core was started.
  logic [31:0] cycles_q, waited_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || start) begin
      cycles_q <= '0;
      waited_q <= '0;
    end else if (running) begin
      cycles_q <= cycles_q + 32'd1;
      waited_q <= waited_q + 32'(waited_i);
    end
  end

  // Mailbox.
  logic [511:0] mailbox_q;
  logic in_mailbox;
  assign in_mailbox = address >= cim_spec_pkg::RegMailbox0 && address <= cim_spec_pkg::RegMailbox15;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) mailbox_q <= '0;
    else if (do_write && in_mailbox) mailbox_q[32*index[3:0]+:32] <= wdata_i;
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
      cim_spec_pkg::RegCoreCtrl: value = 32'(run_q);
      cim_spec_pkg::RegCoreStatus: begin
        value = {28'd0, expired_q, trap_q, waiting_i && running, running};
      end
      cim_spec_pkg::RegIrqPending: value = 32'(pending_q);
      cim_spec_pkg::RegAttention: value = 32'(attention_q);
      cim_spec_pkg::RegWatchdog: value = watchdog_q;
      cim_spec_pkg::RegMemoryInfo: value = MemoryBytes;
      cim_spec_pkg::RegCoreCycles: value = cycles_q;
      cim_spec_pkg::RegWaitCycles: value = waited_q;
      cim_spec_pkg::RegFaultAddr: value = fault_addr_q;
      cim_spec_pkg::RegFaultInfo: value = 32'(fault_info_q);
      default: value = mailbox_q[32*index_q[3:0]+:32];
    endcase
  end

  assign rsp_o = second_q;
  assign status_o = status2_q;
  assign rdata_o = rdata_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && fault_i) FaultOfARunningCore_A : assert (core_rst_no);
  end
endmodule
