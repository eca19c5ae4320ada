// The device's end of the host link, in words: receive, execute, keep and send. It only wires.
module cim_link #(
  parameter int unsigned Kept = 2,         // responses kept, a power of two, 2 .. 128
  parameter int unsigned MaxPayload = 32   // words, a power of two, 8 .. 4096
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,             // drops a partly received frame and all responses not yet sent
  output logic        idle_o,
  // Words in and out.
  input  logic        rx_valid_i,
  output logic        rx_ready_o,
  input  logic [31:0] rx_data_i,
  output logic        rx_hunting_o,        // the next word should be a preamble
  output logic        tx_valid_o,
  input  logic        tx_ready_i,
  output logic [31:0] tx_data_o,
  // Bus.
  output logic        lock_o,              // a frame uses it
  output logic        begin_o,
  output logic        req_o,
  output logic        req_check_o,
  output logic        req_we_o,
  output logic [31:0] req_addr_o,
  output logic [31:0] req_wdata_o,
  input  logic        rsp_i,
  input  logic [3:0]  rsp_status_i,
  input  logic [31:0] rsp_rdata_i,
  // State of the device.
  input  logic        busy_i,
  input  logic        any_error_i,
  output logic [10:0] error_set_o,
  output logic        refused_o,
  output logic [31:0] refused_addr_o
);
  localparam int unsigned IndexW = $clog2(MaxPayload < 2 ? 2 : MaxPayload);
  localparam int unsigned SlotW = $clog2(Kept + 1);
  localparam int unsigned OffsetW = $clog2(MaxPayload + 3);

  logic rx_idle, exec_idle, tx_idle;
  logic frame_valid, frame_done, count_down, payload_ok, hcrc_error, pcrc_error;
  logic [15:0] op, length, sequence_number, session;
  logic [31:0] address;
  logic buf_we, buf_re;
  logic [IndexW-1:0] buf_waddr, buf_raddr;
  logic [31:0] buf_wdata, buf_rdata;

  cim_link_rx #(.MaxPayload(MaxPayload)) u_rx (
    .clk_i, .rst_ni, .flush_i,
    .word_valid_i(rx_valid_i), .word_ready_o(rx_ready_o), .word_i(rx_data_i),
    .hunting_o(rx_hunting_o), .idle_o(rx_idle),
    .frame_valid_o(frame_valid), .frame_done_i(frame_done), .op_o(op), .length_o(length),
    .sequence_o(sequence_number), .session_o(session), .address_o(address),
    .count_down_i(count_down), .payload_ok_o(payload_ok),
    .buf_we_o(buf_we), .buf_addr_o(buf_waddr), .buf_data_o(buf_wdata),
    .hcrc_error_o(hcrc_error), .pcrc_error_o(pcrc_error)
  );

  cim_ram_be #(.Width(32), .LaneW(32), .Depth(MaxPayload)) u_payload (
    .clk_i, .we_i(buf_we), .waddr_i(buf_waddr), .be_i(1'b1), .wdata_i(buf_wdata),
    .re_i(buf_re), .raddr_i(buf_raddr), .rdata_o(buf_rdata)
  );

  logic kept_we, kept_re, push, queued, slot_valid, sent;
  logic [SlotW-1:0] push_slot, slot;
  logic [SlotW+OffsetW-1:0] kept_waddr, kept_raddr;
  logic [31:0] kept_wdata, kept_rdata;
  logic [10:0] exec_errors;

  cim_link_exec #(.Kept(Kept), .MaxPayload(MaxPayload)) u_exec (
    .clk_i, .rst_ni, .idle_o(exec_idle),
    .frame_valid_i(frame_valid), .frame_done_o(frame_done), .op_i(op), .length_i(length),
    .sequence_i(sequence_number), .session_i(session), .address_i(address),
    .count_down_o(count_down), .payload_ok_i(payload_ok),
    .buf_re_o(buf_re), .buf_addr_o(buf_raddr), .buf_data_i(buf_rdata),
    .kept_we_o(kept_we), .kept_addr_o(kept_waddr), .kept_data_o(kept_wdata),
    .push_o(push), .slot_o(push_slot), .slot_queued_i(queued),
    .lock_o, .begin_o, .req_o, .req_check_o, .req_we_o, .req_addr_o, .req_wdata_o,
    .rsp_i, .rsp_status_i, .rsp_rdata_i,
    .busy_i, .any_error_i, .error_set_o(exec_errors), .refused_o, .refused_addr_o
  );

  cim_ram_be #(.Width(32), .LaneW(32), .Depth((Kept + 1) << OffsetW)) u_kept (
    .clk_i, .we_i(kept_we), .waddr_i(kept_waddr), .be_i(1'b1), .wdata_i(kept_wdata),
    .re_i(kept_re), .raddr_i(kept_raddr), .rdata_o(kept_rdata)
  );

  cim_link_queue #(.Kept(Kept)) u_queue (
    .clk_i, .rst_ni, .flush_i, .push_i(push), .push_slot_i(push_slot), .queued_o(queued),
    .valid_o(slot_valid), .slot_o(slot), .sent_i(sent)
  );

  cim_link_tx #(.Kept(Kept), .MaxPayload(MaxPayload)) u_tx (
    .clk_i, .rst_ni, .flush_i, .idle_o(tx_idle),
    .slot_valid_i(slot_valid), .slot_i(slot), .sent_o(sent),
    .kept_re_o(kept_re), .kept_addr_o(kept_raddr), .kept_data_i(kept_rdata),
    .word_valid_o(tx_valid_o), .word_ready_i(tx_ready_i), .word_o(tx_data_o)
  );

  always_comb begin
    error_set_o = exec_errors;
    error_set_o[cim_spec_pkg::ErrorHcrcLsb] = hcrc_error;
    error_set_o[cim_spec_pkg::ErrorPcrcLsb] = pcrc_error;
  end

  assign idle_o = rx_idle && exec_idle && tx_idle;
endmodule
