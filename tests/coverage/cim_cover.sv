// Functional cover points, one module for each block of the RTL that has some, bound into it. A point's name says the
// feature; docs/verification.md lists them. Those of the effects are in cim_cover_effects.sv. Nothing here is synthesised.
/* verilator lint_off DECLFILENAME */  // many small modules that are read together

module cim_cover_exec (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        push,
  input logic [3:0]  status,
  input logic [15:0] op,
  input logic        valid,         // a frame is held
  input logic        idle,          // it is looked at for the first time
  input logic        repeated,      // its response is kept
  input logic        expected,
  input logic        waits_for_slot,
  input logic        bulk_check,    // only the ends of a burst were checked
  input logic        busy,
  input logic        error_flag
);
  always_ff @(posedge clk_i) begin
    if (rst_ni && push) begin
      StatusOk_C: cover (status == cim_spec_pkg::StatusOk[3:0]);
      StatusBadSession_C: cover (status == cim_spec_pkg::StatusBadSession[3:0]);
      StatusBadSequence_C: cover (status == cim_spec_pkg::StatusBadSequence[3:0]);
      StatusPayloadCrc_C: cover (status == cim_spec_pkg::StatusPayloadCrc[3:0]);
      StatusBadOp_C: cover (status == cim_spec_pkg::StatusBadOp[3:0]);
      StatusBadLength_C: cover (status == cim_spec_pkg::StatusBadLength[3:0]);
      StatusBadAddress_C: cover (status == cim_spec_pkg::StatusBadAddress[3:0]);
      StatusBadValue_C: cover (status == cim_spec_pkg::StatusBadValue[3:0]);
      StatusBusy_C: cover (status == cim_spec_pkg::StatusBusy[3:0]);
      StatusAccess_C: cover (status == cim_spec_pkg::StatusAccess[3:0]);
      StatusTimeout_C: cover (status == cim_spec_pkg::StatusTimeout[3:0]);
      OpSync_C: cover (op == 16'(cim_spec_pkg::OpSync));
      OpRead_C: cover (op == 16'(cim_spec_pkg::OpRead));
      OpWrite_C: cover (op == 16'(cim_spec_pkg::OpWrite));
      OpWriteFixed_C: cover (op == 16'(cim_spec_pkg::OpWriteFixed));
      OpWaitIdle_C: cover (op == 16'(cim_spec_pkg::OpWaitIdle));
      ErrorFlag_C: cover (error_flag);
      WhileBusy_C: cover (busy);
    end
    if (rst_ni && valid && idle) begin
      RepeatedRequest_C: cover (repeated && !expected);
      NewRequest_C: cover (expected);
    end
    SlotStillQueued_C: cover (rst_ni && valid && waits_for_slot);
    BurstByItsEnds_C: cover (rst_ni && bulk_check);
  end
endmodule

bind cim_link_exec cim_cover_exec u_cover (
  .clk_i, .rst_ni, .push(push_o), .status(status_q), .op(op_i), .valid(frame_valid_i), .idle(state_q == Idle),
  .repeated(current && kept), .expected, .waits_for_slot(state_q == Decide && slot_queued_i),
  .bulk_check(state_q == CheckEnds && done && !refused), .busy(busy_i), .error_flag(any_error_i)
);

module cim_cover_host_link (
  input logic clk_i,
  input logic rst_ni,
  input logic stream,
  input logic flush,
  input logic rx_valid,
  input logic rx_ready,
  input logic hunting,
  input logic tx_valid,
  input logic tx_ready,
  input logic hcrc_error,
  input logic pcrc_error,
  input logic uart_frame_error
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      StreamFrame_C: cover (stream && rx_valid && rx_ready && !hunting);
      UartFrame_C: cover (!stream && rx_valid && rx_ready && !hunting);
      IdleInsideAFrame_C: cover (stream && !rx_valid && !hunting);
      InputStalled_C: cover (rx_valid && !rx_ready);
      OutputStalled_C: cover (tx_valid && !tx_ready);
      BothDirectionsAtOnce_C: cover (rx_valid && rx_ready && !hunting && tx_valid && tx_ready);
      LinkChangedInAFrame_C: cover (flush && !hunting);
      LinkChangedInAResponse_C: cover (flush && tx_valid);
      HeaderCrcWrong_C: cover (hcrc_error);
      PayloadCrcWrong_C: cover (pcrc_error);
      UartStopBitMissing_C: cover (uart_frame_error);
    end
  end
endmodule

bind cim_host_link cim_cover_host_link u_cover (
  .clk_i, .rst_ni, .stream(sel_q), .flush, .rx_valid, .rx_ready, .hunting, .tx_valid, .tx_ready,
  .hcrc_error(link_errors[cim_spec_pkg::ErrorHcrcLsb]), .pcrc_error(link_errors[cim_spec_pkg::ErrorPcrcLsb]),
  .uart_frame_error
);

module cim_cover_job #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4
) (
  input logic        clk_i,
  input logic        accept,
  input logic [15:0] bank,
  input logic [15:0] rows,
  input logic [15:0] cols,
  input logic [15:0] count,
  input logic [15:0] stride,
  input logic        convert_and_read,  // rows of one vector while another one is converted
  input logic        busy,              // with another job, whose columns and bank these are
  input logic [15:0] busy_cols,
  input logic [15:0] busy_bank
);
  always_ff @(posedge clk_i) begin
    if (accept) begin
      JobFirstBank_C: cover (bank == '0);
      JobLastBank_C: cover (32'(bank) == Banks - 1);
      JobOneRow_C: cover (rows == 16'd1);
      JobAllRows_C: cover (32'(rows) == Rows);
      JobFourCols_C: cover (cols == 16'd4);
      JobAllCols_C: cover (32'(cols) == Cols);
      JobOneVector_C: cover (count == 16'd1);
      JobManyVectors_C: cover (count > 16'd8);
      JobSameInputAgain_C: cover (count > 16'd1 && stride == '0);
      JobOverlappingInputs_C: cover (count > 16'd1 && stride != '0 && 32'(stride) * 4 < 32'(rows));
      JobMoreColsThanRows_C: cover (cols > rows);
    end
    if (accept && busy) begin
      OverlapFewerCols_C: cover (cols < busy_cols);
      OverlapMoreCols_C: cover (cols > busy_cols);
      OverlapSameBank_C: cover (bank == busy_bank);
      OverlapOtherBank_C: cover (bank != busy_bank);
    end
    RowsDuringConversion_C: cover (convert_and_read);
  end
endmodule

bind cim_tile_ctrl cim_cover_job #(.Rows(Rows), .Cols(Cols), .Banks(Banks)) u_cover (
  .clk_i, .accept(rst_ni && accept), .bank(job_bank_i), .rows(job_rows_i), .cols(job_cols_i), .count(job_count_i),
  .stride(job_stride_i), .convert_and_read(rst_ni && cond_q && conv_q), .busy(busy_o), .busy_cols(16'(col_last_q) + 16'd1),
  .busy_bank(16'(32'(bank_q) / Rows))
);

module cim_cover_settings (
  input logic       clk_i,
  input logic       start,        // a job starts with these settings
  input logic       inject,
  input logic [4:0] lsb_exp,
  input logic [7:0] base,
  input logic       transparent,
  input logic [4:0] shift,
  input logic [3:0] bits
);
  always_ff @(posedge clk_i) begin
    if (start) begin
      InjectOff_C: cover (!inject);
      InjectOn_C: cover (inject);
      FinestOffsets_C: cover (lsb_exp == 5'd18);
      CoarsestOffsets_C: cover (lsb_exp == 5'd8);
      BaseZero_C: cover (base == '0);
      BaseLargest_C: cover (base == 8'hff);
      AdcTransparent_C: cover (transparent);
      AdcShiftNone_C: cover (!transparent && shift == '0);
      AdcShiftLargest_C: cover (!transparent && shift == 5'd27);
      AdcOneBit_C: cover (!transparent && bits == 4'd1);
      AdcTwelveBits_C: cover (!transparent && bits == 4'd12);
    end
  end
endmodule

bind cim_tile cim_cover_settings u_cover (
  .clk_i, .start(rst_ni && job_valid_i && job_ready_o), .inject(inject_en_i), .lsb_exp(lsb_exp_i), .base(base_i),
  .transparent(adc_transparent_i), .shift(adc_shift_i), .bits(adc_bits_i)
);

module cim_cover_adc #(
  parameter int unsigned Planes = 8
) (
  input logic              clk_i,
  input logic              en,
  input logic [Planes-1:0] sat,
  input logic [31:0]       code,   // of the first plane
  input logic [15:0]       offset
);
  logic en_q;
  always_ff @(posedge clk_i) begin
    en_q <= en;
    if (en_q) begin
      AdcSaturatesLow_C: cover (sat[0] && code == '0);
      AdcSaturatesHigh_C: cover (sat[0] && code != '0);
      AdcSaturatesEveryPlane_C: cover (&sat);
      AdcInRange_C: cover (sat == '0);
    end
    if (en) begin
      AdcOffsetSmallest_C: cover (offset == 16'h8000);
      AdcOffsetLargest_C: cover (offset == 16'h7fff);
    end
  end
endmodule

bind cim_adc cim_cover_adc #(.Planes(Planes)) u_cover (.clk_i, .en(en_i), .sat(sat_o), .code(code_o[31:0]), .offset(offset_i));

module cim_cover_columns #(
  parameter int unsigned Planes = 8,
  parameter int unsigned Converters = 1
) (
  input logic                         clk_i,
  input logic                         en,
  input logic [Converters*Planes-1:0] sat
);
  logic en_q, first, second;
  assign first = sat[Planes-1:0] != '0;
  assign second = sat >> Planes != '0;
  always_ff @(posedge clk_i) begin
    en_q <= en;
    if (en_q && Converters == 2) begin
      NeitherConverterSaturates_C: cover (!first && !second);
      FirstConverterSaturates_C: cover (first && !second);
      SecondConverterSaturates_C: cover (!first && second);
      BothConvertersSaturate_C: cover (first && second);
    end
  end
endmodule

bind cim_columns cim_cover_columns #(.Planes(Planes), .Converters(Converters)) u_cover (
  .clk_i, .en(adc_en_i), .sat(sat_o)
);

module cim_cover_conductance (
  input logic        clk_i,
  input logic        en,
  input logic        inject,
  input logic        far,
  input logic [6:0]  base,
  input logic [1:0]  level,    // of the first column
  input logic [7:0]  offset
);
  logic below, above;
  assign below = $signed(offset) < -$signed({1'b0, base});
  assign above = $signed(offset) > $signed({1'b0, base});
  always_ff @(posedge clk_i) begin
    if (en && inject) begin
      CellClampedAtTheLowerRail_C: cover (level == 2'd0 && !far && below);
      CellClampedAtTheUpperRail_C: cover (level == 2'd3 && !far && above);
      CellBelowItsLevel_C: cover (level != 2'd0 && $signed(offset) < 0);
      CellOffsetLargest_C: cover (offset == 8'h7f);
      CellOffsetSmallest_C: cover (offset == 8'h80);
    end
  end
endmodule

bind cim_conductance cim_cover_conductance u_cover (
  .clk_i, .en(en_i), .inject(inject_en_i), .far, .base(base_i[6:0]), .level(level_i[1:0]), .offset(offset_i[7:0])
);

module cim_cover_window (
  input logic       clk_i,
  input logic       req,
  input logic       we,
  input logic [3:0] sel,
  input logic [3:0] be
);
  always_ff @(posedge clk_i) begin
    if (req && !we) begin
      LevelRead_C: cover (sel == cim_tile_pkg::SelLevel);
      OffsetRead_C: cover (sel == cim_tile_pkg::SelOffset);
      InputRead_C: cover (sel == cim_tile_pkg::SelInput);
      OutputLowRead_C: cover (sel == cim_tile_pkg::SelOutputLo);
      OutputHighRead_C: cover (sel == cim_tile_pkg::SelOutputHi);
      AdcOffsetRead_C: cover (sel == cim_tile_pkg::SelAdcOffset);
      TableRead_C: cover (sel > cim_tile_pkg::SelAdcOffset && sel < cim_tile_pkg::SelStuck);
      StuckRead_C: cover (sel == cim_tile_pkg::SelStuck);
    end
    if (req && we) begin
      LevelWritten_C: cover (sel == cim_tile_pkg::SelLevel);
      OffsetRowWritten_C: cover (sel == cim_tile_pkg::SelOffset && be == 4'b1111);
      OffsetPoked_C: cover (sel == cim_tile_pkg::SelOffset && be != 4'b1111);
      InputWritten_C: cover (sel == cim_tile_pkg::SelInput);
      AdcOffsetWritten_C: cover (sel == cim_tile_pkg::SelAdcOffset);
      ColumnTableWritten_C: cover (sel == cim_tile_pkg::SelColumnTable);
      RowTableWritten_C: cover (sel == cim_tile_pkg::SelRowTable);
      AdcInlWritten_C: cover (sel == cim_tile_pkg::SelAdcInl);
      DacInlWritten_C: cover (sel == cim_tile_pkg::SelDacInl);
      StuckWritten_C: cover (sel == cim_tile_pkg::SelStuck);
    end
  end
endmodule

bind cim_tile cim_cover_window u_cover_window (
  .clk_i, .req(rst_ni && mem_req_i), .we(mem_we_i), .sel(mem_sel_i), .be(mem_be_i)
);

module cim_cover_fabric #(
  parameter int unsigned Masters = 1
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               lock,
  input logic               take,      // a word's turn begins
  input logic               asks,      // it is to be asked now
  input logic               answers,   // its answer is there
  input logic [Masters-1:0] valid
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      WordWaitsForAFrame_C: cover (lock && valid != '0);
      WordAsksAtOnce_C: cover (take && !lock);
      FrameComesBeforeTheWord_C: cover (asks && lock);
      FrameBeginsDuringTheAnswer_C: cover (answers && lock);
    end
  end
endmodule

bind cim_fabric cim_cover_fabric #(.Masters(Masters)) u_cover (
  .clk_i, .rst_ni, .lock(lock_i), .take, .asks(state_q == Ask), .answers(state_q == Last), .valid(valid_i)
);

module cim_cover_memory (
  input logic clk_i,
  input logic rst_ni,
  input logic bus,         // the bus uses the memory
  input logic ahead,
  input logic valid,
  input logic write,
  input logic ready
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      ReadStalledByTheBus_C: cover (bus && valid && !write && !ready);
      WriteStalledByTheBus_C: cover (bus && valid && write && !ready);
      AheadLostToTheBus_C: cover (bus && ahead);
      ReadWithoutWaiting_C: cover (valid && !write && ready && !bus);
    end
  end
endmodule

bind cim_memory cim_cover_memory u_cover (
  .clk_i, .rst_ni, .bus(bus_do), .ahead(core_ahead_i), .valid(core_valid_i), .write(core_be_i != '0),
  .ready(core_ready_o)
);

module cim_cover_cpu (
  input logic clk_i,
  input logic rst_ni,
  input logic begins,      // an access to something else than memory
  input logic fetch,
  input logic narrow,
  input logic fault,
  input logic write,
  input logic dropped,     // an answer that nobody waits for
  input logic waiting
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      FetchElsewhere_C: cover (begins && fetch);
      NarrowStoreToTheBus_C: cover (begins && !fetch && narrow);
      LoadRefused_C: cover (fault && !write);
      StoreRefused_C: cover (fault && write);
      CoreStoppedDuringAnAccess_C: cover (dropped);
      CoreWaits_C: cover (waiting);
    end
  end
endmodule

bind cim_cpu cim_cover_cpu u_cover (
  .clk_i, .rst_ni, .begins(state_q == Idle && elsewhere), .fetch(instr), .narrow(be != 4'b0000 && be != 4'b1111),
  .fault(fault_o), .write(fault_write_o), .dropped(state_q == Done && dropped_q), .waiting(waiting_o)
);

module cim_cover_control (
  input logic       clk_i,
  input logic       rst_ni,
  input logic [3:0] pending_set,
  input logic [3:0] pending_clear,
  input logic       trap,
  input logic       expires,
  input logic       start,
  input logic       stop,
  input logic       running,
  input logic       tile_busy
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      DoorbellRings_C: cover (pending_set[cim_spec_pkg::IrqPendingDoorbellLsb]);
      TileEnds_C: cover (pending_set[cim_spec_pkg::IrqPendingTileLsb]);
      AccessFaults_C: cover (pending_set[cim_spec_pkg::IrqPendingFaultLsb]);
      WatchdogWarns_C: cover (pending_set[cim_spec_pkg::IrqPendingWatchdogLsb]);
      WatchdogExpires_C: cover (expires);
      InterruptCleared_C: cover (pending_clear != '0);
      CoreTraps_C: cover (trap);
      CoreStarts_C: cover (start);
      CoreStoppedWhileItRuns_C: cover (stop && running);
      CoreStoppedWhileTheTileIsBusy_C: cover (stop && tile_busy);
    end
  end
endmodule

bind cim_control cim_cover_control u_cover (
  .clk_i, .rst_ni, .pending_set, .pending_clear, .trap(trap_q && !trap_seen_q), .expires, .start, .stop, .running,
  .tile_busy(tile_busy_i)
);
