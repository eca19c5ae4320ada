// A layer's descriptor: reads its words from board memory, holds each to its range, then holds them to each other and
// derives the numbers that the layer is run with. docs/decisions/0010-layer-engine.md has the descriptor.
module cim_engine_layer #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned MemoryBytes = 4096,
  parameter int unsigned ActivationBytes = 256
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,          // the values below stay from here to done_o or refused_o
  input  logic [21:0] at_i,             // word address of the descriptor in board memory
  input  logic        first_i,          // layer of the network
  input  logic        last_i,
  input  logic [31:0] image_i,          // number of the image
  output logic        done_o,           // the numbers below stay until the next start
  output logic        refused_o,        // with the next two
  output logic [3:0]  word_o,
  output logic [31:0] value_o,
  // Board memory, for reading.
  output logic        mem_req_o,
  output logic [21:0] mem_word_o,
  input  logic        mem_gnt_i,
  input  logic [31:0] mem_rdata_i,      // in the cycle after gnt
  // The layer.
  output logic        pool_o,
  output logic        wide_o,
  output logic [12:0] channels_o,       // of the input
  output logic [12:0] height_o,
  output logic [12:0] width_o,
  output logic [12:0] kernel_o,
  output logic [12:0] pad_o,
  output logic [12:0] outputs_o,        // channels of the output
  output logic [31:0] adc_o,
  output logic [12:0] row_blocks_o,
  output logic [12:0] column_blocks_o,
  output logic [15:0] block_rows_o,
  output logic [15:0] last_rows_o,      // of the last row block
  output logic [15:0] block_outputs_o,
  output logic [15:0] last_outputs_o,   // of the last column block
  output logic [12:0] bank_o,           // the first one
  output logic [21:0] bias_o,           // word address of the first bias
  output logic [15:0] multiplier_o,
  output logic [5:0]  shift_o,
  // Derived.
  output logic [13:0] conv_height_o,
  output logic [13:0] conv_width_o,
  output logic [13:0] out_height_o,     // after pooling
  output logic [13:0] out_width_o,
  output logic [17:0] plane_o,          // bytes of a channel of the input
  output logic [17:0] in_size_o,        // bytes of the input
  output logic [17:0] out_plane_o,      // bytes of a channel of the output
  output logic [17:0] origin_o,         // pad lines and pad bytes: what lies before the first activation
  output logic [15:0] stride_o,         // words of a vector
  output logic [2:0]  in_slots_o,       // lines that INPUT holds: 1, 2, 4
  output logic [2:0]  out_slots_o,      // pooled lines that OUTPUT holds: 1, 2, 4
  output logic [15:0] line_o,           // results of a line for a whole column block, and one row block
  output logic [15:0] last_line_o,      // the same for the last column block
  output logic [15:0] block_words_o,    // results of a pooled line for a whole column block and all its row blocks
  output logic [31:0] read_o            // JOB_READ of the image's first line
);
  localparam int unsigned LastStep = 20;
  localparam int unsigned InHalf = InWords >> 1;
  localparam int unsigned InQuarter = InWords >> 2;
  localparam int unsigned OutHalf = OutWords >> 1;
  localparam int unsigned OutQuarter = OutWords >> 2;

  typedef enum logic [2:0] {Idle, Ask, Take, Check, AskAgain, TakeAgain} state_e;
  state_e state_q;
  logic [3:0] word_q;
  logic [4:0] step_q;

  // The range of a word by itself.
  logic range_ok;
  logic [31:0] w;
  assign w = mem_rdata_i;
  always_comb begin
    unique case (word_q)
      4'd0: range_ok = w[31:2] == '0;
      4'd1, 4'd2, 4'd3, 4'd4, 4'd6: range_ok = w != '0 && w <= 32'd4096;
      4'd5: range_ok = w < 32'd4096;
      4'd7: begin
        range_ok = (w & ~cim_spec_pkg::AdcBits) == '0 && w[4:0] <= 5'(cim_spec_pkg::AdcShiftMax) && w[11:8] != '0 &&
            w[11:8] <= 4'(cim_spec_pkg::AdcBitsMax);
      end
      4'd8, 4'd9: range_ok = w != '0 && w <= Banks;
      4'd10: range_ok = w != '0 && w <= Rows && w[1:0] == '0;
      4'd11: range_ok = w != '0 && w <= Cols / 4;
      4'd12: range_ok = w < Banks;
      4'd13: begin
        range_ok = (w & ~(cim_spec_pkg::WindowMemoryBytes - 32'd1)) == cim_spec_pkg::WindowMemory && w[1:0] == '0 &&
            32'(w[23:0]) < MemoryBytes;
      end
      4'd14: range_ok = w[31:16] == '0;
      default: range_ok = w <= 32'd62;
    endcase
  end

  // What follows from the words.
  logic [13:0] side_pad;
  logic [12:0] smallest;
  logic [17:0] fan_in_q;
  logic [40:0] previous_q, out_size;   // bytes that the layer before gives
  assign side_pad = {pad_o, 1'b0};
  assign smallest = height_o < width_o ? height_o : width_o;
  assign conv_height_o = 14'(height_o) + side_pad - 14'(kernel_o) + 14'd1;
  assign conv_width_o = 14'(width_o) + side_pad - 14'(kernel_o) + 14'd1;
  assign out_height_o = pool_o ? conv_height_o >> 1 : conv_height_o;
  assign out_width_o = pool_o ? conv_width_o >> 1 : conv_width_o;
  assign stride_o = 16'((fan_in_q + 18'd3) >> 2);

  // One multiplication a step; its product is looked at in the next one.
  logic [31:0] a;
  logic [15:0] b;
  logic [47:0] product_q, results;
  logic        legal;
  logic [3:0]  about;                  // the word that is named where it is not
  always_comb begin
    a = '0;
    b = '0;
    legal = 1'b1;
    about = 4'd0;
    unique case (step_q)
      5'd0: begin
        legal = pad_o < kernel_o;
        about = 4'd5;
        a = 32'(kernel_o);
        b = 16'(kernel_o);
      end
      5'd1: begin
        legal = 14'(kernel_o) <= 14'(smallest) + side_pad;
        about = 4'd4;
        a = product_q[31:0];
        b = 16'(channels_o);
      end
      5'd2: begin
        legal = product_q <= 48'(4 * InWords);
        about = 4'd1;
        a = 32'(height_o);
        b = 16'(width_o);
      end
      5'd3: begin
        legal = !pool_o || (!last_i && conv_height_o >= 14'd2 && conv_width_o >= 14'd2);
        about = 4'd0;
        a = product_q[31:0];
        b = 16'(channels_o);
      end
      5'd4: begin
        legal = product_q <= 48'(ActivationBytes);
        about = 4'd2;
        a = 32'(stride_o);
        b = 16'(conv_width_o);
      end
      5'd5: begin
        legal = product_q <= 48'(InWords);
        about = 4'd3;
        a = 32'(width_o);
        b = 16'(pad_o);
      end
      5'd6: begin
        legal = first_i || previous_q == 41'(in_size_o);
        about = 4'd1;
        a = 32'(column_blocks_o) - 32'd1;
        b = block_outputs_o;
      end
      5'd7: begin
        legal = product_q < 48'(outputs_o) && 48'(outputs_o) - product_q <= 48'(block_outputs_o);
        about = 4'd9;
        a = 32'(block_outputs_o);
        b = 16'(conv_width_o);
      end
      5'd8: begin
        legal = !last_i || conv_height_o == 14'd1;
        about = 4'd2;
        a = 32'(last_outputs_o);
        b = 16'(conv_width_o);
      end
      5'd9: begin
        legal = !last_i || conv_width_o == 14'd1;
        about = 4'd3;
        a = 32'(row_blocks_o) - 32'd1;
        b = block_rows_o;
      end
      5'd10: begin
        legal = product_q < 48'(fan_in_q) && 48'(fan_in_q) - product_q <= 48'(block_rows_o);
        about = 4'd8;
        a = 32'(row_blocks_o);
        b = 16'(column_blocks_o);
      end
      5'd11: begin
        legal = 48'(bank_o) + product_q <= 48'(Banks);
        about = 4'd12;
        a = 32'(row_blocks_o);
        b = 16'(outputs_o);
      end
      5'd12: begin
        a = product_q[31:0];
        b = 16'(conv_width_o);
      end
      5'd13: begin
        legal = results <= 48'(OutWords);
        about = 4'd3;
        a = pool_o ? {15'd0, line_o, 1'b0} : 32'(line_o);
        b = 16'(row_blocks_o);
      end
      5'd14: begin
        legal = last_i ? multiplier_o == '0 : multiplier_o[15];
        about = 4'd14;
        a = 32'(out_height_o);
        b = 16'(out_width_o);
      end
      5'd15: begin
        legal = last_i == (shift_o == '0);
        about = 4'd15;
        a = product_q[31:0];
        b = 16'(outputs_o);
      end
      5'd16: begin
        legal = 32'({bias_o, 2'b00}) + (wide_o ? 32'({outputs_o, 3'b000}) : 32'({outputs_o, 2'b00})) <= MemoryBytes;
        about = 4'd13;
      end
      5'd17: begin
        a = image_i;
        b = 16'(conv_height_o);
      end
      5'd18: begin
        a = product_q[31:0];
        b = 16'(conv_width_o);
      end
      default: ;
    endcase
  end

  logic take, step;
  assign take = state_q == Take && range_ok;
  assign step = state_q == Check && legal;
  assign out_size = product_q[40:0];
  assign results = pool_o ? product_q << 1 : product_q;   // of a pooled line, in step 13
  assign mem_req_o = state_q == Ask || state_q == AskAgain;
  assign mem_word_o = at_i + 22'(word_q);
  assign done_o = state_q == Check && step_q == 5'(LastStep);
  assign refused_o = (state_q == Take && !range_ok) || state_q == TakeAgain;
  assign word_o = word_q;
  assign value_o = mem_rdata_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      unique case (state_q)
        Idle: if (start_i) state_q <= Ask;
        Ask: if (mem_gnt_i) state_q <= Take;
        Take: begin
          if (!range_ok) state_q <= Idle;
          else state_q <= word_q == 4'd15 ? Check : Ask;
        end
        Check: begin
          if (!legal) state_q <= AskAgain;
          else if (done_o) state_q <= Idle;
        end
        AskAgain: if (mem_gnt_i) state_q <= TakeAgain;
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      word_q <= '0;
      step_q <= '0;
    end else if (take) begin
      word_q <= word_q + 4'd1;
    end else if (state_q == Check) begin
      step_q <= step_q + 5'd1;
      if (!legal) word_q <= about;
    end
    product_q <= 48'(a) * 48'(b);
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      unique case (word_q)
        4'd0: {wide_o, pool_o} <= w[1:0];
        4'd1: channels_o <= w[12:0];
        4'd2: height_o <= w[12:0];
        4'd3: width_o <= w[12:0];
        4'd4: kernel_o <= w[12:0];
        4'd5: pad_o <= w[12:0];
        4'd6: outputs_o <= w[12:0];
        4'd7: adc_o <= w;
        4'd8: row_blocks_o <= w[12:0];
        4'd9: column_blocks_o <= w[12:0];
        4'd10: block_rows_o <= w[15:0];
        4'd11: block_outputs_o <= w[15:0];
        4'd12: bank_o <= w[12:0];
        4'd13: bias_o <= w[23:2];
        4'd14: multiplier_o <= w[15:0];
        default: shift_o <= w[5:0];
      endcase
    end
  end

  // A product that a legal layer cannot have is cut off; it is refused in the step that takes it.
  always_ff @(posedge clk_i) begin
    if (step) begin
      unique case (step_q)
        5'd2: fan_in_q <= product_q[17:0];
        5'd3: plane_o <= product_q[17:0];
        5'd4: in_size_o <= product_q[17:0];
        5'd5: in_slots_o <= product_q <= 48'(InQuarter) ? 3'd4 : (product_q <= 48'(InHalf) ? 3'd2 : 3'd1);
        5'd6: origin_o <= product_q[17:0] + 18'(pad_o);
        5'd7: last_outputs_o <= 16'(outputs_o) - product_q[15:0];
        5'd8: line_o <= product_q[15:0];
        5'd9: last_line_o <= product_q[15:0];
        5'd10: last_rows_o <= 16'(fan_in_q) - product_q[15:0];
        5'd13: out_slots_o <= results <= 48'(OutQuarter) ? 3'd4 : (results <= 48'(OutHalf) ? 3'd2 : 3'd1);
        5'd14: block_words_o <= product_q[15:0];
        5'd15: out_plane_o <= product_q[17:0];
        5'd16: previous_q <= out_size;
        5'd19: read_o <= product_q[31:0];
        default: ;
      endcase
    end
  end
endmodule
