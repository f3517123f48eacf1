#include "capture/layer.h"

#include "capture/link_layer.h"
#include "capture/tunnel.h"
#include "capture/udp_tunnel.h"

namespace tapestry::capture {

LayerKind peel_layer(LayerKind kind, Bytes& bytes) noexcept {
  switch (kind) {
    case LayerKind::Pppoe:
      return peel_pppoe(bytes);
    case LayerKind::Ppp:
      return peel_ppp(bytes);
    case LayerKind::Mpls:
      return peel_mpls(bytes);
    case LayerKind::Gre:
      return peel_gre(bytes);
    case LayerKind::Erspan:
      return peel_erspan(bytes);
    case LayerKind::Vxlan:
      return peel_vxlan(bytes);
    case LayerKind::Geneve:
      return peel_geneve(bytes);
    case LayerKind::Gtp:
      return peel_gtp(bytes);
    case LayerKind::Tzsp:
      return peel_tzsp(bytes);
    default:
      return LayerKind::Malformed;
  }
}

}  // namespace tapestry::capture
