// Patch fetch: cuts the input vectors of a layer, line after line of positions, out of dense activations [channel][row][column]
// and packs them into words of INPUT. A byte a cycle, ordered channel, kernel row, kernel column; outside the image it is 0.
module cim_engine_fetch #(
  parameter int unsigned InWords = 64,
  parameter int unsigned ActivationBytes = 256,
  localparam int unsigned ActW = $clog2(ActivationBytes),
  localparam int unsigned InW = $clog2(InWords)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            start_i,      // of a layer; the values below are constant until its last line
  input  logic [12:0]     channels_i,
  input  logic [12:0]     height_i,
  input  logic [12:0]     width_i,
  input  logic [12:0]     kernel_i,
  input  logic [12:0]     pad_i,
  input  logic [13:0]     conv_height_i,
  input  logic [13:0]     conv_width_i,
  input  logic [17:0]     plane_i,      // bytes of a channel
  input  logic [17:0]     origin_i,     // pad * (width + 1)
  input  logic [2:0]      slots_i,      // lines that INPUT holds: 1, 2, 4
  input  logic [13:0]     ended_i,      // lines whose jobs have ended
  output logic [13:0]     lines_o,      // lines in INPUT so far
  // Activations.
  output logic            re_o,
  output logic [ActW-3:0] raddr_o,      // word
  input  logic [31:0]     rdata_i,      // in the next cycle
  // INPUT of the tile.
  output logic            we_o,
  output logic [InW-1:0]  waddr_o,
  output logic [31:0]     wdata_o
);
  // The line whose bytes are being read, and the next place of INPUT.
  logic active_q, busy_q, line_last;        // active: lines of the layer are left
  logic [13:0] line_q;                      // that is being cut or is next
  logic signed [15:0] row_q;                // of the kernel's first row in that line
  logic [ActW-1:0] line_at_q;               // address of the line's first byte, modulo the memory
  logic [InW-1:0] slot_q, slot_step;

  assign slot_step = slots_i == 3'd4 ? InW'(InWords / 4) : (slots_i == 3'd2 ? InW'(InWords / 2) : InW'(InWords));

  // Where the next byte is: position, channel, kernel row and column, and the address at the beginning of each.
  logic [13:0] left_q;                      // positions of the line after this one
  logic [12:0] channel_q, down_q, right_q;  // right_q, down_q: in the kernel
  logic signed [15:0] column_q;             // of the kernel's first column
  logic [ActW-1:0] position_at_q, channel_at_q, row_at_q, at_q;
  logic right_last, down_last, channel_last, position_last, in_image;
  logic signed [15:0] row, column;

  assign right_last = right_q == kernel_i - 13'd1;
  assign down_last = down_q == kernel_i - 13'd1;
  assign channel_last = channel_q == channels_i - 13'd1;
  assign position_last = right_last && down_last && channel_last;
  assign line_last = position_last && left_q == '0;
  assign row = row_q + $signed({3'd0, down_q});
  assign column = column_q + $signed({3'd0, right_q});
  assign in_image = row >= 0 && row < $signed({3'd0, height_i}) && column >= 0 && column < $signed({3'd0, width_i});
  assign re_o = busy_q && in_image;
  assign raddr_o = at_q[ActW-1:2];

  logic begins;
  assign begins = active_q && !busy_q && line_q - ended_i < 14'(slots_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (begins) busy_q <= 1'b1;
    else if (busy_q && line_last) busy_q <= 1'b0;

    if (!rst_ni) active_q <= 1'b0;
    else if (start_i) active_q <= 1'b1;
    else if (busy_q && line_last && line_q == conv_height_i - 14'd1) active_q <= 1'b0;

    if (start_i) begin
      line_q <= '0;
      row_q <= -$signed({3'd0, pad_i});
      line_at_q <= ActW'(18'd0 - origin_i);
    end else if (busy_q && line_last) begin
      line_q <= line_q + 14'd1;
      row_q <= row_q + 16'sd1;
      line_at_q <= line_at_q + ActW'(width_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (begins) begin
      left_q <= conv_width_i - 14'd1;
      {channel_q, down_q, right_q} <= '0;
      column_q <= -$signed({3'd0, pad_i});
      position_at_q <= line_at_q;
      channel_at_q <= line_at_q;
      row_at_q <= line_at_q;
      at_q <= line_at_q;
    end else if (busy_q && !right_last) begin
      right_q <= right_q + 13'd1;
      at_q <= at_q + 1'b1;
    end else if (busy_q) begin
      right_q <= '0;
      down_q <= down_last ? '0 : down_q + 13'd1;
      if (!down_last) begin
        row_at_q <= row_at_q + ActW'(width_i);
        at_q <= row_at_q + ActW'(width_i);
      end else if (!channel_last) begin
        channel_q <= channel_q + 13'd1;
        channel_at_q <= channel_at_q + ActW'(plane_i);
        row_at_q <= channel_at_q + ActW'(plane_i);
        at_q <= channel_at_q + ActW'(plane_i);
      end else begin
        channel_q <= '0;
        left_q <= left_q - 14'd1;
        column_q <= column_q + 16'sd1;
        position_at_q <= position_at_q + 1'b1;
        channel_at_q <= position_at_q + 1'b1;
        row_at_q <= position_at_q + 1'b1;
        at_q <= position_at_q + 1'b1;
      end
    end
  end

  // One cycle later: the byte, into its place of the word.
  logic valid_q, in_image_q, word_last_q, line_last_q;
  logic [1:0] lane_q, place_q;
  logic [23:0] bytes_q;                     // of the word, so far
  logic [InW-1:0] waddr_q;
  logic [7:0] fetched;
  assign fetched = in_image_q ? rdata_i[32'(lane_q)*8+:8] : 8'd0;
  assign we_o = valid_q && (place_q == 2'd3 || word_last_q);
  assign waddr_o = waddr_q;

  always_comb begin
    wdata_o = {8'd0, bytes_q};
    wdata_o[32'(place_q)*8+:8] = fetched;
  end

  always_ff @(posedge clk_i) begin
    valid_q <= rst_ni && busy_q;
    in_image_q <= in_image;
    word_last_q <= position_last;
    line_last_q <= line_last;
    lane_q <= at_q[1:0];
    if (!rst_ni || start_i || we_o) begin
      place_q <= '0;
      bytes_q <= '0;
    end else if (valid_q) begin
      place_q <= place_q + 2'd1;
      bytes_q <= wdata_o[23:0];
    end
    if (!rst_ni || start_i) lines_o <= '0;
    else if (valid_q && line_last_q) lines_o <= lines_o + 14'd1;
    if (!rst_ni || start_i) slot_q <= '0;
    else if (valid_q && line_last_q) slot_q <= slot_q + slot_step;
    if (!rst_ni || start_i) waddr_q <= '0;
    else if (valid_q && line_last_q) waddr_q <= slot_q + slot_step;
    else if (we_o) waddr_q <= waddr_q + 1'b1;
  end

  logic unused;
  assign unused = ^origin_i;

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i) StartsIdle_A : assert (!busy_q && !valid_q);
    if (rst_ni && re_o) InsideTheImage_A : assert (32'(at_q) < 32'(plane_i) * 32'(channels_i));
  end
endmodule
