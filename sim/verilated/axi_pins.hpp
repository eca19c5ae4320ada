// AxiPins on the ports of a Verilated model: every module with a card's ports has the same names.
#pragma once

#include "sim/verilated/axi_master.hpp"

namespace crucible::sim {

template <class Model>
void drive_axi(Model& m, const AxiPins& pins) {
  const AxiPins::Port& l = pins.lite;
  m.s_axil_awvalid_i = l.aw.valid;
  m.s_axil_awaddr_i = l.aw.address;
  m.s_axil_wvalid_i = l.w.valid;
  m.s_axil_wdata_i = l.w.data;
  m.s_axil_wstrb_i = l.w.strobes;
  m.s_axil_bready_i = l.b.ready;
  m.s_axil_arvalid_i = l.ar.valid;
  m.s_axil_araddr_i = l.ar.address;
  m.s_axil_rready_i = l.r.ready;
  const AxiPins::Port& f = pins.full;
  m.s_axi_awvalid_i = f.aw.valid;
  m.s_axi_awid_i = f.aw.number;
  m.s_axi_awaddr_i = f.aw.address;
  m.s_axi_awlen_i = f.aw.length;
  m.s_axi_awsize_i = f.aw.size;
  m.s_axi_awburst_i = f.aw.burst;
  m.s_axi_wvalid_i = f.w.valid;
  m.s_axi_wdata_i = f.w.data;
  m.s_axi_wstrb_i = f.w.strobes;
  m.s_axi_wlast_i = f.w.last;
  m.s_axi_bready_i = f.b.ready;
  m.s_axi_arvalid_i = f.ar.valid;
  m.s_axi_arid_i = f.ar.number;
  m.s_axi_araddr_i = f.ar.address;
  m.s_axi_arlen_i = f.ar.length;
  m.s_axi_arsize_i = f.ar.size;
  m.s_axi_arburst_i = f.ar.burst;
  m.s_axi_rready_i = f.r.ready;
}

/// AXI4-Lite has no numbers and no last word: they are what AXI4 would show.
template <class Model>
void sample_axi(const Model& m, AxiPins& pins) {
  AxiPins::Port& l = pins.lite;
  l.aw.ready = m.s_axil_awready_o;
  l.w.ready = m.s_axil_wready_o;
  l.b.valid = m.s_axil_bvalid_o;
  l.b.response = m.s_axil_bresp_o;
  l.b.number = l.aw.number;
  l.ar.ready = m.s_axil_arready_o;
  l.r.valid = m.s_axil_rvalid_o;
  l.r.data = m.s_axil_rdata_o;
  l.r.response = m.s_axil_rresp_o;
  l.r.number = l.ar.number;
  l.r.last = true;
  AxiPins::Port& f = pins.full;
  f.aw.ready = m.s_axi_awready_o;
  f.w.ready = m.s_axi_wready_o;
  f.b.valid = m.s_axi_bvalid_o;
  f.b.number = m.s_axi_bid_o;
  f.b.response = m.s_axi_bresp_o;
  f.ar.ready = m.s_axi_arready_o;
  f.r.valid = m.s_axi_rvalid_o;
  f.r.number = m.s_axi_rid_o;
  f.r.data = m.s_axi_rdata_o;
  f.r.response = m.s_axi_rresp_o;
  f.r.last = m.s_axi_rlast_o;
}

}  // namespace crucible::sim
