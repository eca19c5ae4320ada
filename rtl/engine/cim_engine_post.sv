// Post-processing of a layer: takes results out of OUTPUT, one a cycle, adds the row blocks, takes the maximum of a pooling
// window, adds the bias, and writes the requantised activation, or in the last layer the logit. docs/numerics.md, "A layer".
// A pooled line is taken column block by column block, as soon as the jobs behind it have ended; in a column block channel by
// channel. Requantisation is monotone, so the maximum of the sums is that of the activations.
module cim_engine_post #(
  parameter int unsigned OutWords = 64,
  parameter int unsigned ActivationBytes = 256,
  localparam int unsigned ActW = $clog2(ActivationBytes),
  localparam int unsigned OutW = $clog2(OutWords)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            start_i,            // of a layer; the values below are constant until ended_o
  input  logic            last_i,             // the last layer: logits
  input  logic            pool_i,
  input  logic            wide_i,
  input  logic [12:0]     row_blocks_i,
  input  logic [12:0]     column_blocks_i,
  input  logic [15:0]     block_outputs_i,
  input  logic [15:0]     last_outputs_i,
  input  logic [13:0]     out_height_i,
  input  logic [13:0]     out_width_i,
  input  logic [17:0]     out_plane_i,
  input  logic [15:0]     line_i,
  input  logic [15:0]     last_line_i,
  input  logic [15:0]     block_words_i,
  input  logic [2:0]      slots_i,            // pooled lines that OUTPUT holds: 1, 2, 4
  input  logic [21:0]     bias_i,
  input  logic [15:0]     multiplier_i,
  input  logic [5:0]      shift_i,
  input  logic [21:0]     logit_i,            // word address of the next logit
  // The jobs.
  input  logic [13:0]     ended_line_i,
  input  logic [12:0]     ended_block_i,
  output logic [13:0]     posted_o,           // pooled lines taken so far
  output logic            ended_o,            // nothing is left to take or to write
  output logic            logit_o,            // a word of a logit is in memory
  // Board memory.
  output logic            mem_req_o,
  output logic            mem_we_o,
  output logic [21:0]     mem_word_o,
  output logic [31:0]     mem_wdata_o,
  input  logic            mem_gnt_i,
  input  logic [31:0]     mem_rdata_i,        // in the cycle after gnt
  // OUTPUT of the tile.
  output logic            re_o,
  output logic [OutW-1:0] raddr_o,
  input  logic [41:0]     rdata_i,            // in the next cycle
  // Activations.
  output logic            we_o,
  output logic [ActW-1:0] waddr_o,            // byte
  output logic [7:0]      wdata_o
);
  typedef enum logic [3:0] {Idle, Wait, Bias, BiasHigh, Take, Run, Drain, Logit, LogitHigh} state_e;
  state_e state_q;

  // Where the next result is: pooled line, column block, channel, position, place in the pooling window, row block.
  logic [13:0] line_q, x_q;
  logic [12:0] block_q, part_q;
  logic [15:0] channel_q;                     // in the column block
  logic right_q, down_q;                      // in the pooling window
  logic [OutW-1:0] slot_q, block_at_q, channel_at_q, column_at_q, at_q, slot_step, outputs_step, line_step, part_step;
  logic [ActW-1:0] line_act_q, channel_act_q, act_q;
  logic [21:0] bias_at_q;
  logic block_last, channel_last, part_last, window_last, x_last, ready;
  logic [15:0] outputs, results;
  logic [14:0] first_behind;                  // the line behind those that this one pools

  assign block_last = block_q == column_blocks_i - 13'd1;
  assign outputs = block_last ? last_outputs_i : block_outputs_i;
  assign results = block_last ? last_line_i : line_i;
  assign channel_last = channel_q == outputs - 16'd1;
  assign part_last = part_q == row_blocks_i - 13'd1;
  assign window_last = part_last && (!pool_i || (right_q && down_q));
  assign x_last = x_q == out_width_i - 14'd1;
  assign slot_step = slots_i == 3'd4 ? OutW'(OutWords / 4) : (slots_i == 3'd2 ? OutW'(OutWords / 2) : OutW'(OutWords));
  assign outputs_step = OutW'(outputs);
  assign line_step = OutW'(results);
  assign part_step = pool_i ? line_step << 1 : line_step;
  assign first_behind = pool_i ? {line_q, 1'b0} + 15'd2 : 15'(line_q) + 15'd1;
  assign ready = 15'(ended_line_i) >= first_behind ||
      (15'(ended_line_i) + 15'd1 == first_behind && ended_block_i > block_q);
  assign posted_o = line_q;
  assign re_o = state_q == Run;
  assign raddr_o = at_q;

  // The stages behind, and when the last value of a channel has left the one that takes the bias.
  logic [6:1] valid_q;                        // 1: the result is read, 2: summed, 3: pooled, 4: bias, 5: times M, 6: shifted
  logic drained;
  logic [55:0] bias_q;
  assign drained = valid_q[3:1] == '0;

  // A bias of one word is sign-extended; of two, the low one is here for a cycle.
  logic [31:0] low_q;
  logic high_q;                               // it has been here

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else if (start_i) begin
      state_q <= Wait;
    end else begin
      unique case (state_q)
        Idle: ;
        Wait: if (ready) state_q <= Bias;
        Bias: if (mem_gnt_i) state_q <= wide_i ? BiasHigh : Take;
        BiasHigh: if (mem_gnt_i) state_q <= Take;
        Take: state_q <= Run;
        Run: if (window_last && x_last) state_q <= Drain;
        Drain: begin
          if (drained) begin
            if (last_i) state_q <= Logit;
            else if (!channel_last) state_q <= Bias;
            else state_q <= block_last && line_q == out_height_i - 14'd1 ? Idle : Wait;
          end
        end
        default: begin
          if (mem_gnt_i) begin
            if (state_q == Logit && wide_i) state_q <= LogitHigh;
            else if (!channel_last) state_q <= Bias;
            else state_q <= block_last ? Idle : Wait;
          end
        end
      endcase
    end
  end

  logic next_channel, next_block, next_line;
  assign next_channel = last_i ? (mem_gnt_i && (state_q == LogitHigh || (state_q == Logit && !wide_i)))
      : (state_q == Drain && drained);
  assign next_block = next_channel && channel_last;
  assign next_line = next_block && block_last;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      {line_q, block_q, channel_q, slot_q, block_at_q, channel_at_q, line_act_q, channel_act_q} <= '0;
      bias_at_q <= bias_i;
    end else if (next_channel) begin
      channel_q <= channel_last ? '0 : channel_q + 16'd1;
      channel_act_q <= channel_act_q + ActW'(out_plane_i);
      channel_at_q <= channel_at_q + 1'b1;
      bias_at_q <= bias_at_q + (wide_i ? 22'd2 : 22'd1);
      if (next_block) begin
        block_q <= block_last ? '0 : block_q + 13'd1;
        block_at_q <= block_at_q + OutW'(block_words_i);
        channel_at_q <= block_at_q + OutW'(block_words_i);
      end
      if (next_line) begin
        line_q <= line_q + 14'd1;
        slot_q <= slot_q + slot_step;
        block_at_q <= slot_q + slot_step;
        channel_at_q <= slot_q + slot_step;
        line_act_q <= line_act_q + ActW'(out_width_i);
        channel_act_q <= line_act_q + ActW'(out_width_i);
        bias_at_q <= bias_i;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Take) begin
      {x_q, part_q, right_q, down_q} <= '0;
      column_at_q <= channel_at_q;
      at_q <= channel_at_q;
      act_q <= channel_act_q;
      bias_q <= wide_i ? {mem_rdata_i[23:0], low_q} : {{24{mem_rdata_i[31]}}, mem_rdata_i};
    end else if (state_q == Run) begin
      if (!part_last) begin
        part_q <= part_q + 13'd1;
        at_q <= at_q + part_step;
      end else begin
        part_q <= '0;
        if (pool_i && !down_q) begin
          down_q <= 1'b1;
          at_q <= column_at_q + line_step;
        end else begin
          down_q <= 1'b0;
          right_q <= pool_i && !right_q;
          column_at_q <= column_at_q + outputs_step;
          at_q <= column_at_q + outputs_step;
          if (window_last) begin
            x_q <= x_q + 14'd1;
            act_q <= act_q + 1'b1;
          end
        end
      end
    end
    if (state_q == BiasHigh && !high_q) low_q <= mem_rdata_i;
    high_q <= state_q == BiasHigh;
  end

  // Stages 1 and 2: the sum over the row blocks, and the maximum over the window.
  logic first_part_q, last_part_q, first_q, first2_q, last_q, last2_q;
  logic [55:0] result, sum, sum_q, acc_q, largest_q, v_q;
  logic [5*ActW-1:0] acts_q;                  // address of the activation in stages 1 to 5
  logic [ActW-1:0] act_out_q;
  assign result = {{14{rdata_i[41]}}, rdata_i};
  assign sum = first_part_q ? result : acc_q + result;

  always_ff @(posedge clk_i) begin
    valid_q[1] <= rst_ni && state_q == Run;
    first_part_q <= part_q == '0;
    last_part_q <= part_last;
    first_q <= !right_q && !down_q;
    last_q <= window_last;

    valid_q[2] <= rst_ni && valid_q[1] && last_part_q;
    if (valid_q[1]) acc_q <= sum;
    sum_q <= sum;
    first2_q <= first_q;
    last2_q <= last_q;

    valid_q[3] <= rst_ni && valid_q[2] && last2_q;
    if (valid_q[2] && (first2_q || $signed(sum_q) > $signed(largest_q))) largest_q <= sum_q;

    valid_q[4] <= rst_ni && valid_q[3] && !last_i;
    if (valid_q[3]) v_q <= largest_q + bias_q;

    acts_q <= {acts_q[4*ActW-1:0], act_q};
    act_out_q <= acts_q[4*ActW+:ActW];
  end

  // Stages 4 to 6: v limited to 45 bits and no sign, times M; shifted with rounding; limited to 8 bits.
  logic [44:0] limited;
  logic [60:0] scaled_q, shifted;
  logic [7:0] y_q;
  assign limited = v_q[55] ? '0 : (v_q[54:45] != '0 ? {45{1'b1}} : v_q[44:0]);
  assign shifted = ((scaled_q >> (shift_i - 6'd1)) + 61'd1) >> 1;

  always_ff @(posedge clk_i) begin
    valid_q[5] <= rst_ni && valid_q[4];
    if (valid_q[4]) scaled_q <= 61'(limited) * 61'(multiplier_i);
    valid_q[6] <= rst_ni && valid_q[5];
    if (valid_q[5]) y_q <= shifted[60:8] != '0 ? 8'd255 : shifted[7:0];
  end

  assign we_o = valid_q[6];
  assign waddr_o = act_out_q;
  assign wdata_o = y_q;
  assign ended_o = state_q == Idle && valid_q == '0;

  assign mem_req_o = state_q == Bias || state_q == BiasHigh || state_q == Logit || state_q == LogitHigh;
  assign mem_we_o = state_q == Logit || state_q == LogitHigh;
  always_comb begin
    mem_word_o = logit_i;
    if (state_q == Bias) mem_word_o = bias_at_q;
    if (state_q == BiasHigh) mem_word_o = bias_at_q + 22'd1;
  end
  assign mem_wdata_o = state_q == Logit ? v_q[31:0] : {{8{v_q[55]}}, v_q[55:32]};
  assign logit_o = mem_we_o && mem_gnt_i;

  logic unused;
  assign unused = ^{out_plane_i, block_words_i, results};

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i) StartsIdle_A : assert (ended_o);
  end
endmodule
