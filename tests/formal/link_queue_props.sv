// cim_link_queue against a queue that shifts: order, and that a slot waits at most once, for any traffic in contract.
module link_queue_props #(
  parameter int unsigned Kept = 2,
  parameter bit Inside = 1'b0,       // with what the block holds inside
  parameter int unsigned Fault = 0,  // planted: 1 a slot's bit, 2 a sent slot goes on waiting
  localparam int unsigned SlotW = $clog2(Kept + 1),
  localparam int unsigned Slots = 1 << SlotW
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             flush_i,
  input logic             push_i,
  input logic [SlotW-1:0] push_slot_i,
  input logic             sent_i
);
  logic queued, valid;
  logic [SlotW-1:0] slot;

  cim_link_queue #(.Kept(Kept)) u_dut (
    .clk_i, .rst_ni, .flush_i, .push_i,
    .push_slot_i(Fault == 1 ? push_slot_i ^ SlotW'(push_i) : push_slot_i), .queued_o(queued),
    .valid_o(valid), .slot_o(slot), .sent_i(sent_i && Fault != 2)
  );

  // The queue: slot 0 was pushed first.
  logic [Slots*SlotW-1:0] queue_q, queue;
  logic [SlotW:0] count_q, count;
  logic [Slots-1:0] waits_q, waits;
  always_comb begin
    queue = sent_i ? queue_q >> SlotW : queue_q;
    count = count_q - (SlotW+1)'(sent_i);
    waits = waits_q;
    if (sent_i) waits[queue_q[SlotW-1:0]] = 1'b0;
    if (push_i) begin
      queue[32'(count[SlotW-1:0])*SlotW+:SlotW] = push_slot_i;
      count = count + 1'b1;
      waits[push_slot_i] = 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    queue_q <= queue;
    count_q <= !rst_ni || flush_i ? '0 : count;
    waits_q <= !rst_ni || flush_i ? '0 : waits;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni && push_i) assume (!waits_q[push_slot_i]);
    if (rst_ni && sent_i) assume (count_q != '0);
    if (!$initstate) begin
      Valid_A : assert (valid == (count_q != '0));
      Order_A : assert (count_q == '0 || slot == queue_q[SlotW-1:0]);
      if (!push_i || Fault != 1) Waits_A : assert (queued == waits_q[push_slot_i]);
      NeverMoreThanSlots_A : assert (count_q <= (SlotW+1)'(Slots));
    end
    Full_C : cover (!$initstate && count_q == (SlotW+1)'(Slots));
  end

  // Where the block keeps what the queue holds; the runner wires these to its registers.
  logic [SlotW:0] head, tail;
  logic [Slots*SlotW-1:0] entries;
  logic [Slots-1:0] flags, listed;
  logic [SlotW:0] ones;
  always_comb begin
    listed = '0;
    ones = '0;
    for (int unsigned i = 0; i < Slots; i++) begin
      ones = ones + (SlotW+1)'(flags[i]);
      if (i < 32'(count_q)) listed[queue_q[i*SlotW+:SlotW]] = 1'b1;
    end
    if (Inside && !$initstate) begin
      CountInside_A : assert (tail - head == count_q);
      OnesInside_A : assert (count_q == ones);
      FlagsInside_A : assert (flags == waits_q && flags == listed);
      for (int unsigned i = 0; i < Slots; i++) begin
        assert (i >= 32'(count_q) ||
            entries[32'(SlotW'(head + (SlotW+1)'(i)))*SlotW+:SlotW] == queue_q[i*SlotW+:SlotW]);
      end
    end
  end
endmodule
