// Executes a received frame: decides, checks, applies, and writes the response into a slot of the kept memory.
module cim_link_exec #(
  parameter int unsigned Kept = 2,         // responses kept, a power of two, 2 .. 128
  parameter int unsigned MaxPayload = 32,  // words
  localparam int unsigned IndexW = $clog2(MaxPayload < 2 ? 2 : MaxPayload),
  localparam int unsigned SlotW = $clog2(Kept + 1),
  localparam int unsigned OffsetW = $clog2(MaxPayload + 3)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  output logic                     idle_o,
  // Frame, held until done.
  input  logic                     frame_valid_i,
  output logic                     frame_done_o,
  input  logic [15:0]              op_i,
  input  logic [15:0]              length_i,
  input  logic [15:0]              sequence_i,
  input  logic [15:0]              session_i,
  input  logic [31:0]              address_i,
  output logic                     count_down_o,
  input  logic                     payload_ok_i,
  output logic                     buf_re_o,
  output logic [IndexW-1:0]        buf_addr_o,
  input  logic [31:0]              buf_data_i,
  // Kept memory and the queue of responses to send. Slot Kept is for responses that are not kept.
  output logic                     kept_we_o,
  output logic [SlotW+OffsetW-1:0] kept_addr_o,  // slot, then offset: payload from 0, header in the last three
  output logic [31:0]              kept_data_o,
  output logic                     push_o,
  output logic [SlotW-1:0]         slot_o,
  input  logic                     slot_queued_i,  // slot_o waits to be sent, or is being sent
  // Bus.
  output logic                     lock_o,     // a frame uses the bus: from its begin to the end of its last pass
  output logic                     begin_o,
  output logic                     req_o,
  output logic                     req_check_o,
  output logic                     req_we_o,
  output logic [31:0]              req_addr_o,
  output logic [31:0]              req_wdata_o,
  input  logic                     rsp_i,
  input  logic [3:0]               rsp_status_i,
  input  logic [31:0]              rsp_rdata_i,
  // State of the device.
  input  logic                     busy_i,
  input  logic                     any_error_i,
  output logic [10:0]              error_set_o,
  output logic                     refused_o,
  output logic [31:0]              refused_addr_o
);
  localparam int unsigned KeptW = $clog2(Kept);
  if (Kept < 2 || Kept > 128 || (1 << KeptW) != Kept) begin : gen_illegal_kept
    $fatal(1, "cim_link_exec: Kept must be a power of two, 2 .. 128.");
  end
  if (MaxPayload < 8 || MaxPayload > 4096 || (1 << IndexW) != MaxPayload) begin : gen_illegal_payload
    $fatal(1, "cim_link_exec: MaxPayload must be a power of two, 8 .. 4096.");
  end
  // MAGIC, VERSION and LINK_INFO: words 0, 1 and 7 of the register block.
  localparam logic [IndexW-1:0] SyncLast = IndexW'(32'(cim_spec_pkg::RegLinkInfo) / 4);

  typedef enum logic [3:0] {
    Idle, Decide, CheckEnds, CheckAll, Apply, Wait, Refuse, RefuseData, Head1, Head2
  } state_e;
  state_e state_q, state_d;

  logic [3:0] status_q, status_d;
  logic transient_q, transient_d, answer_q, answer_d;  // not kept; the response has a payload
  logic is_sync, is_read, is_write, is_fixed, is_wait, is_burst, length_ok, ends_do;
  logic current, expected, kept, executed, sync;
  logic [15:0] session, next_sequence;
  logic [15:0] last_index;
  logic [11:0] last_megabyte;
  logic [OffsetW-1:0] offset;

  assign is_sync = op_i == 16'(cim_spec_pkg::OpSync);
  assign is_read = op_i == 16'(cim_spec_pkg::OpRead);
  assign is_fixed = op_i == 16'(cim_spec_pkg::OpWriteFixed);
  assign is_write = op_i == 16'(cim_spec_pkg::OpWrite) || is_fixed;
  assign is_wait = op_i == 16'(cim_spec_pkg::OpWaitIdle);
  assign is_burst = is_read || is_write;
  assign length_ok = length_i != '0 && 32'(length_i) <= MaxPayload;
  assign last_index = length_i - 16'd1;
  assign last_megabyte = 12'((address_i + {14'd0, last_index, 2'b00}) >> 20);
  // Both ends in one megabyte, above the registers and tables: if both are good, everything between them is; but a
  // write of stuck cells is looked at word by word.
  assign ends_do = address_i[31:20] != '0 && address_i[31:20] == last_megabyte &&
      !(is_write && (address_i & ~(cim_spec_pkg::WindowStuckBytes - 32'd1)) == cim_spec_pkg::WindowStuck);

  cim_link_session #(.Kept(Kept)) u_session (
    .clk_i, .rst_ni, .sync_i(sync), .executed_i(executed), .sequence_i, .session_i,
    .current_o(current), .expected_o(expected), .kept_o(kept),
    .session_o(session), .sequence_o(next_sequence)
  );

  // Passes on the bus.
  logic start, check, done, refused, rdata_valid, burst_re;
  logic [3:0] burst_status;
  logic [31:0] bad_address, rdata;
  logic [IndexW-1:0] bad_index, burst_index, rdata_index;
  assign check = state_q == CheckEnds || state_q == CheckAll;

  cim_link_burst #(.MaxPayload(MaxPayload)) u_burst (
    .clk_i, .rst_ni, .start_i(start), .check_i(check), .we_i(is_write), .fixed_i(is_fixed),
    .base_i(is_sync ? 32'd0 : address_i),
    .last_i(is_sync ? SyncLast : last_index[IndexW-1:0]),
    .skip_i(is_sync || state_q == CheckEnds), .skip_from_i(is_sync),
    .done_o(done), .refused_o(refused), .status_o(burst_status), .address_o(bad_address),
    .index_o(bad_index),
    .buf_re_o(burst_re), .buf_addr_o(burst_index), .buf_data_i,
    .rdata_valid_o(rdata_valid), .rdata_index_o(rdata_index), .rdata_o(rdata),
    .req_o, .req_check_o, .req_we_o, .req_addr_o, .req_wdata_o, .rsp_i, .rsp_status_i, .rsp_rdata_i
  );

  assign buf_re_o = burst_re || state_q == Refuse;
  assign buf_addr_o = burst_re ? burst_index : bad_index;
  assign slot_o = transient_q ? SlotW'(Kept) : SlotW'(sequence_i[KeptW-1:0]);
  assign kept_addr_o = {slot_o, offset};
  assign refused_addr_o = kept_data_o;
  assign idle_o = state_q == Idle;
  assign lock_o = start || check || state_q == Apply;

  always_comb begin
    state_d = state_q;
    status_d = status_q;
    transient_d = transient_q;
    answer_d = answer_q;
    start = 1'b0;
    begin_o = 1'b0;
    kept_we_o = 1'b0;
    kept_data_o = '0;
    offset = OffsetW'(rdata_index);
    push_o = 1'b0;
    frame_done_o = 1'b0;
    count_down_o = 1'b0;
    error_set_o = '0;
    refused_o = 1'b0;
    executed = 1'b0;
    sync = 1'b0;
    unique case (state_q)
      Idle: begin  // what kind of response, and thus into which slot
        status_d = cim_spec_pkg::StatusOk[3:0];
        answer_d = 1'b0;
        transient_d = 1'b0;
        if (frame_valid_i) begin
          state_d = Decide;
          if (!is_sync) begin
            if (!current) status_d = cim_spec_pkg::StatusBadSession[3:0];
            else if (!expected && !kept) status_d = cim_spec_pkg::StatusBadSequence[3:0];
            else if (expected && !payload_ok_i) status_d = cim_spec_pkg::StatusPayloadCrc[3:0];
          end
          transient_d = status_d != cim_spec_pkg::StatusOk[3:0];
        end
      end
      Decide: begin  // word 3 of the response, then what the frame asks for
        offset = {OffsetW{1'b1}};
        if (!is_sync && !transient_q && !expected) begin
          push_o = !slot_queued_i;
          frame_done_o = 1'b1;
          state_d = Idle;
        end else if (!slot_queued_i) begin
          kept_we_o = 1'b1;
          state_d = Head1;
          if (transient_q) begin
            kept_data_o = status_q == cim_spec_pkg::StatusBadSession[3:0] ? 32'(session)
                : (status_q == cim_spec_pkg::StatusBadSequence[3:0] ? 32'(next_sequence) : '0);
            error_set_o[cim_spec_pkg::ErrorSequenceLsb] =
                status_q != cim_spec_pkg::StatusPayloadCrc[3:0];
          end else if (is_sync) begin
            start = 1'b1;
            state_d = Apply;
          end else if (is_wait) begin
            state_d = Wait;
          end else if (!is_burst) begin
            status_d = cim_spec_pkg::StatusBadOp[3:0];
            error_set_o[cim_spec_pkg::ErrorBadOpLsb] = 1'b1;
          end else if (!length_ok) begin
            status_d = cim_spec_pkg::StatusBadLength[3:0];
            error_set_o[cim_spec_pkg::ErrorBadOpLsb] = 1'b1;
          end else begin
            start = 1'b1;
            begin_o = 1'b1;
            state_d = ends_do ? CheckEnds : CheckAll;
          end
        end
      end
      CheckEnds: begin
        if (done) begin
          start = 1'b1;
          state_d = refused ? CheckAll : Apply;
        end
      end
      CheckAll: begin
        if (done) begin
          start = !refused;
          status_d = refused ? burst_status : status_q;
          state_d = refused ? Refuse : Apply;
        end
      end
      Apply: begin
        kept_we_o = rdata_valid && !is_write;
        kept_data_o = rdata;
        answer_d = !is_write;
        if (done) state_d = Head1;
      end
      Wait: begin
        count_down_o = busy_i;
        if (!busy_i) begin
          state_d = Head1;
        end else if (address_i == '0) begin
          status_d = cim_spec_pkg::StatusTimeout[3:0];
          error_set_o[cim_spec_pkg::ErrorTimeoutLsb] = 1'b1;
          state_d = Head1;
        end
      end
      Refuse: state_d = RefuseData;  // fetches the refused word
      RefuseData: begin
        offset = {OffsetW{1'b1}};
        kept_we_o = 1'b1;
        kept_data_o = status_q == cim_spec_pkg::StatusBadValue[3:0] &&
            bad_address == 32'(cim_spec_pkg::RegCellPoke) ? buf_data_i : bad_address;
        refused_o = 1'b1;
        error_set_o[cim_spec_pkg::ErrorBadAddressLsb] = status_q == cim_spec_pkg::StatusBadAddress[3:0];
        error_set_o[cim_spec_pkg::ErrorBadValueLsb] = status_q == cim_spec_pkg::StatusBadValue[3:0];
        error_set_o[cim_spec_pkg::ErrorBusyLsb] = status_q == cim_spec_pkg::StatusBusy[3:0];
        error_set_o[cim_spec_pkg::ErrorAccessLsb] = status_q == cim_spec_pkg::StatusAccess[3:0];
        state_d = Head1;
      end
      Head1: begin
        offset = {{(OffsetW-2){1'b1}}, 2'b01};
        kept_we_o = 1'b1;
        kept_data_o = {answer_q ? (is_sync ? 16'd3 : length_i) : 16'd0,
                       any_error_i, 3'b000, status_q, op_i[7:0] + cim_spec_pkg::ResponseFlag};
        state_d = Head2;
      end
      default: begin  // Head2
        offset = {{(OffsetW-2){1'b1}}, 2'b10};
        kept_we_o = 1'b1;
        kept_data_o = {session_i, sequence_i};
        push_o = 1'b1;
        frame_done_o = 1'b1;
        sync = is_sync;
        executed = !transient_q;
        state_d = Idle;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      transient_q <= 1'b0;
    end else begin
      state_q <= state_d;
      transient_q <= transient_d;
    end
  end

  always_ff @(posedge clk_i) begin
    status_q <= status_d;
    answer_q <= answer_d;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && state_q == Apply && done) CheckedWordsAreNotRefused_A : assert (!refused);
  end
endmodule
