using System.Text.Json.Serialization;

namespace Lambent.Server.Ingress;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class UrlJson : JsonSerializerContext;
