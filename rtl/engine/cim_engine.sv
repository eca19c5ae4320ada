// The layer engine: runs whole images on the tile, layer by layer, as descriptors in board memory say. Before it runs anything
// it checks every descriptor and where images and logits lie. rtl/engine/README.md has the picture.
module cim_engine #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned MemoryBytes = 4096,
  localparam int unsigned ActivationBytes = 4 * InWords,
  localparam int unsigned ActW = $clog2(ActivationBytes),
  localparam int unsigned InW = $clog2(InWords),
  localparam int unsigned OutW = $clog2(OutWords)
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  // Registers.
  input  logic         start_i,           // not while the device is busy; the values below are constant while busy_o
  input  logic         stop_i,
  input  logic [31:0]  network_i,         // byte addresses
  input  logic [31:0]  images_i,
  input  logic [31:0]  logits_i,
  input  logic [4:0]   layers_i,          // 1 .. 16
  input  logic [15:0]  count_i,           // 1 or more
  input  logic [31:0]  first_i,
  output logic         busy_o,
  output logic [3:0]   reason_o,
  output logic [3:0]   layer_o,
  output logic [3:0]   word_o,
  output logic [31:0]  value_o,
  output logic [31:0]  done_o,
  output logic [31:0]  cycles_o,
  output logic [31:0]  tile_cycles_o,
  // Board memory.
  output logic         mem_req_o,
  output logic         mem_we_o,
  output logic [21:0]  mem_word_o,
  output logic [31:0]  mem_wdata_o,
  input  logic         mem_gnt_i,
  input  logic [31:0]  mem_rdata_i,       // in the cycle after gnt
  // The tile: settings and jobs in the place of those of cim_regs, its buffers while it is busy.
  output logic [31:0]  adc_o,             // as the register ADC
  output logic         job_valid_o,
  input  logic         job_ready_i,
  output logic [111:0] job_o,
  output logic [31:0]  job_read_o,
  input  logic         product_i,
  input  logic         tile_busy_i,
  output logic         in_we_o,
  output logic [15:0]  in_addr_o,
  output logic [31:0]  in_wdata_o,
  output logic         out_re_o,
  output logic [15:0]  out_addr_o,
  input  logic [41:0]  out_rdata_i        // in the next cycle
);
  localparam logic [3:0] NoReason = 4'd0;
  localparam logic [3:0] BadRegister = 4'd1;
  localparam logic [3:0] BadDescriptor = 4'd2;
  localparam logic [3:0] Stopped = 4'd3;
  localparam logic [3:0] NoProducts = 4'd4;
  localparam int unsigned PatienceW = 20;   // of cycles without a product; the slowest legal vector takes 512 * 268

  typedef enum logic [3:0] {Idle, Place, Load, Sizes, Images, Logits, Image, ImageEnd, Begin, Run, Leave} state_e;
  state_e state_q;
  logic checking_q;                         // the first pass over the descriptors
  logic [3:0] layer_q;
  logic [15:0] left_q;                      // images after this one
  logic [31:0] number_q;                    // of the image
  logic [17:0] image_bytes_q;
  logic [21:0] image_q, logit_q;            // word addresses
  logic [15:0] loaded_q, image_words;       // words of the image
  logic [PatienceW-1:0] patience_q;

  // What the parts say.
  logic layer_done, layer_refused, post_ended, jobs_ended, load_start, parts_start, parts_rst_n, last, sides;
  logic [3:0] layer_word;
  logic [31:0] layer_value;
  logic stopping, overdue, layer_ended, logit_written;

  // The layer.
  logic pool, wide;
  logic [12:0] channels, height, width, kernel, pad, outputs, row_blocks, column_blocks, bank;
  logic [15:0] block_rows, last_rows, block_outputs, last_outputs, multiplier, stride, line, last_line, block_words;
  logic [21:0] bias;
  logic [5:0] shift;
  logic [13:0] conv_height, conv_width, out_height, out_width;
  logic [17:0] plane, in_size, out_plane, origin;
  logic [2:0] in_slots, out_slots;
  logic [31:0] read;

  // Places in board memory: a product and where it must end.
  function automatic logic in_memory(input logic [31:0] address, input logic [34:0] bytes);
    in_memory = (address & ~(cim_spec_pkg::WindowMemoryBytes - 32'd1)) == cim_spec_pkg::WindowMemory &&
        address[1:0] == '0 && 35'(address[23:0]) + bytes <= 35'(MemoryBytes);
  endfunction
  logic [34:0] need_q;                      // bytes of all images, of all logits
  logic [17:0] slot_bytes;
  assign image_words = 16'((image_bytes_q + 18'd3) >> 2);
  assign slot_bytes = {image_words, 2'b00};

  assign last = layer_q == 4'(layers_i - 5'd1);
  assign layer_ended = post_ended && jobs_ended;
  assign stopping = busy_o && stop_i;
  assign overdue = state_q == Run && &patience_q;
  assign busy_o = state_q != Idle;
  assign load_start = state_q == Begin;
  assign parts_start = state_q == Load && layer_done && !checking_q;
  assign parts_rst_n = rst_ni && state_q != Leave && !stopping;
  assign layer_o = reason_o == BadDescriptor || reason_o == NoProducts ? layer_q : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else if (stopping && state_q != Leave) begin
      state_q <= Leave;
    end else begin
      unique case (state_q)
        Idle: if (start_i) state_q <= Place;
        Place: state_q <= in_memory(network_i, {24'd0, layers_i, 6'd0}) ? Begin : Idle;
        Begin: state_q <= Load;
        Load: begin
          if (layer_refused) state_q <= Leave;
          else if (layer_done) state_q <= !checking_q ? Run : (last ? Sizes : Begin);
        end
        Sizes: state_q <= Images;
        Images: state_q <= in_memory(images_i, need_q) ? Logits : Idle;
        Logits: state_q <= in_memory(logits_i, need_q) ? Image : Idle;
        Image: if (mem_gnt_i && loaded_q == image_words - 16'd1) state_q <= ImageEnd;
        ImageEnd: state_q <= Begin;
        Run: begin
          if (overdue) state_q <= Idle;
          else if (layer_ended) state_q <= !last ? Begin : (left_q == '0 ? Idle : Image);
        end
        default: if (!tile_busy_i) state_q <= Idle;   // Leave: what the tile has taken goes on to its end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reason_o <= NoReason;
      word_o <= '0;
      value_o <= '0;
    end else if (start_i) begin
      reason_o <= NoReason;
      word_o <= '0;
      value_o <= '0;
    end else if (stopping && reason_o == NoReason) begin
      reason_o <= Stopped;
    end else begin
      unique case (state_q)
        Place: if (!in_memory(network_i, {24'd0, layers_i, 6'd0})) begin
          reason_o <= BadRegister;
          word_o <= 4'd1;
          value_o <= network_i;
        end
        Load: if (layer_refused) begin
          reason_o <= BadDescriptor;
          word_o <= layer_word;
          value_o <= layer_value;
        end
        Images: if (!in_memory(images_i, need_q)) begin
          reason_o <= BadRegister;
          word_o <= 4'd3;
          value_o <= images_i;
        end
        Logits: if (!in_memory(logits_i, need_q)) begin
          reason_o <= BadRegister;
          word_o <= 4'd6;
          value_o <= logits_i;
        end
        Run: if (overdue) reason_o <= NoProducts;
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      layer_q <= '0;
      checking_q <= 1'b1;
      done_o <= '0;
      cycles_o <= '0;
      tile_cycles_o <= '0;
    end else if (busy_o) begin
      cycles_o <= cycles_o + 32'd1;
      tile_cycles_o <= tile_cycles_o + 32'(tile_busy_i);
      if (state_q == Load && layer_done && checking_q) layer_q <= last ? '0 : layer_q + 4'd1;
      if (state_q == Sizes) checking_q <= 1'b0;
      if (state_q == Run && layer_ended) begin
        layer_q <= last ? '0 : layer_q + 4'd1;
        done_o <= done_o + 32'(last);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      left_q <= count_i - 16'd1;
      number_q <= first_i;
      image_q <= images_i[23:2];
      logit_q <= logits_i[23:2];
    end else begin
      if (state_q == Run && layer_ended && last) begin
        left_q <= left_q - 16'd1;
        number_q <= number_q + 32'd1;
      end
      if (state_q == Image && mem_gnt_i) image_q <= image_q + 22'd1;
      if (logit_written) logit_q <= logit_q + 22'd1;
    end
    if (state_q == Load && layer_done && checking_q && layer_q == '0) image_bytes_q <= in_size;
    if (state_q != Image) loaded_q <= '0;
    else if (mem_gnt_i) loaded_q <= loaded_q + 16'd1;
    if (state_q == Sizes) need_q <= 35'(count_i) * 35'(slot_bytes);
    else need_q <= 35'(count_i) * 35'({outputs, 2'b00}) << wide;
    if (state_q != Run || product_i || !(tile_busy_i || job_valid_o)) patience_q <= '0;
    else patience_q <= patience_q + 1'b1;
  end

  // Board memory is the descriptor's, the image's, or post-processing's.
  logic layer_req, post_req, post_we;
  logic [21:0] layer_at, post_at;
  logic [31:0] logit;
  assign mem_req_o = layer_req || state_q == Image || post_req;
  assign mem_we_o = post_we;
  assign mem_word_o = state_q == Load ? layer_at : (state_q == Image ? image_q : post_at);
  assign mem_wdata_o = logit;

  cim_engine_layer #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords), .MemoryBytes(MemoryBytes),
    .ActivationBytes(ActivationBytes)
  ) u_layer (
    .clk_i, .rst_ni(parts_rst_n), .start_i(load_start), .at_i(network_i[23:2] + {14'd0, layer_q, 4'd0}), .first_i(layer_q == '0),
    .last_i(last), .image_i(number_q), .done_o(layer_done), .refused_o(layer_refused), .word_o(layer_word),
    .value_o(layer_value), .mem_req_o(layer_req), .mem_word_o(layer_at), .mem_gnt_i, .mem_rdata_i,
    .pool_o(pool), .wide_o(wide), .channels_o(channels), .height_o(height), .width_o(width), .kernel_o(kernel),
    .pad_o(pad), .outputs_o(outputs), .adc_o, .row_blocks_o(row_blocks), .column_blocks_o(column_blocks),
    .block_rows_o(block_rows), .last_rows_o(last_rows), .block_outputs_o(block_outputs), .last_outputs_o(last_outputs),
    .bank_o(bank), .bias_o(bias), .multiplier_o(multiplier), .shift_o(shift), .conv_height_o(conv_height),
    .conv_width_o(conv_width), .out_height_o(out_height), .out_width_o(out_width), .plane_o(plane), .in_size_o(in_size),
    .out_plane_o(out_plane), .origin_o(origin), .stride_o(stride), .in_slots_o(in_slots), .out_slots_o(out_slots),
    .line_o(line), .last_line_o(last_line), .block_words_o(block_words), .read_o(read)
  );

  // Activations: the image into memory 0, layer 0 from memory 0 into memory 1, and so on.
  logic act_re, act_we, word_we_q;
  logic [ActW-3:0] act_raddr, word_addr_q;
  logic [ActW-1:0] act_waddr;
  logic [31:0] act_rdata;
  logic [7:0] act_wdata;
  assign sides = layer_q[0];

  always_ff @(posedge clk_i) begin
    word_we_q <= state_q == Image && mem_gnt_i;
    word_addr_q <= loaded_q[ActW-3:0];
  end

  cim_activations #(.ActivationBytes(ActivationBytes)) u_activations (
    .clk_i, .side_i(sides), .re_i(act_re), .raddr_i(act_raddr), .rdata_o(act_rdata), .we_i(act_we), .waddr_i(act_waddr),
    .wdata_i(act_wdata), .word_we_i(word_we_q), .word_addr_i(word_addr_q), .word_wdata_i(mem_rdata_i)
  );

  logic [13:0] fetched, posted, ended_line;
  logic [12:0] ended_block;
  logic [InW-1:0] in_addr;
  logic [OutW-1:0] out_addr;
  assign in_addr_o = 16'(in_addr);
  assign out_addr_o = 16'(out_addr);

  cim_engine_fetch #(.InWords(InWords), .ActivationBytes(ActivationBytes)) u_fetch (
    .clk_i, .rst_ni(parts_rst_n), .start_i(parts_start), .channels_i(channels), .height_i(height), .width_i(width),
    .kernel_i(kernel), .pad_i(pad), .conv_height_i(conv_height), .conv_width_i(conv_width), .plane_i(plane),
    .origin_i(origin), .slots_i(in_slots), .ended_i(ended_line), .lines_o(fetched), .re_o(act_re), .raddr_o(act_raddr),
    .rdata_i(act_rdata), .we_o(in_we_o), .waddr_o(in_addr), .wdata_o(in_wdata_o)
  );

  cim_engine_jobs #(.InWords(InWords), .OutWords(OutWords)) u_jobs (
    .clk_i, .rst_ni(parts_rst_n), .start_i(parts_start), .pool_i(pool), .conv_height_i(conv_height),
    .conv_width_i(conv_width), .row_blocks_i(row_blocks), .column_blocks_i(column_blocks), .block_rows_i(block_rows),
    .last_rows_i(last_rows), .block_outputs_i(block_outputs), .last_outputs_i(last_outputs), .bank_i(bank),
    .stride_i(stride), .in_slots_i(in_slots), .out_slots_i(out_slots), .line_i(line), .last_line_i(last_line),
    .read_i(read), .fetched_i(fetched), .posted_i(posted), .ended_line_o(ended_line), .ended_block_o(ended_block),
    .ended_o(jobs_ended), .job_valid_o, .job_ready_i, .job_o, .job_read_o, .product_i
  );

  cim_engine_post #(.OutWords(OutWords), .ActivationBytes(ActivationBytes)) u_post (
    .clk_i, .rst_ni(parts_rst_n), .start_i(parts_start), .last_i(last), .pool_i(pool), .wide_i(wide),
    .row_blocks_i(row_blocks), .column_blocks_i(column_blocks), .block_outputs_i(block_outputs),
    .last_outputs_i(last_outputs), .out_height_i(out_height), .out_width_i(out_width), .out_plane_i(out_plane),
    .line_i(line), .last_line_i(last_line), .block_words_i(block_words), .slots_i(out_slots), .bias_i(bias),
    .multiplier_i(multiplier), .shift_i(shift), .logit_i(logit_q), .ended_line_i(ended_line),
    .ended_block_i(ended_block), .posted_o(posted), .ended_o(post_ended), .logit_o(logit_written), .mem_req_o(post_req),
    .mem_we_o(post_we), .mem_word_o(post_at), .mem_wdata_o(logit), .mem_gnt_i(mem_gnt_i && post_req), .mem_rdata_i,
    .re_o(out_re_o), .raddr_o(out_addr), .rdata_i(out_rdata_i), .we_o(act_we), .waddr_o(act_waddr), .wdata_o(act_wdata)
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i) StartsIdle_A : assert (!busy_o);
    if (rst_ni) OneUserOfMemory_A : assert (32'(layer_req) + 32'(state_q == Image) + 32'(post_req) <= 1);
    if (rst_ni && mem_req_o) InMemory_A : assert (32'(mem_word_o) < MemoryBytes / 4);
    if (rst_ni && product_i && busy_o) ProductsAreOurs_A : assert (state_q == Run || state_q == Leave);
  end
endmodule
