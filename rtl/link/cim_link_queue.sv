// Which kept responses wait to be sent, in order; a slot waits at most once.
module cim_link_queue #(
  parameter int unsigned Kept = 2,  // slots 0 .. Kept
  localparam int unsigned SlotW = $clog2(Kept + 1)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,
  input  logic             push_i,     // only when push_slot_i does not wait
  input  logic [SlotW-1:0] push_slot_i,
  output logic             queued_o,   // push_slot_i waits
  output logic             valid_o,
  output logic [SlotW-1:0] slot_o,
  input  logic             sent_i      // slot_o was sent
);
  logic [(1<<SlotW)-1:0] queued_q;
  /* verilator lint_off UNUSEDSIGNAL */  // slots are as many as entries: it never fills
  logic full;
  /* verilator lint_on UNUSEDSIGNAL */

  assign queued_o = queued_q[push_slot_i];

  cim_fifo #(.Width(SlotW), .Depth(1 << SlotW)) u_fifo (
    .clk_i, .rst_ni, .flush_i, .push_i, .data_i(push_slot_i), .full_o(full),
    .valid_o, .data_o(slot_o), .pop_i(sent_i)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      queued_q <= '0;
    end else begin
      if (sent_i) queued_q[slot_o] <= 1'b0;
      if (push_i) queued_q[push_slot_i] <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && push_i) WaitsOnce_A : assert (!queued_o);
  end
endmodule
