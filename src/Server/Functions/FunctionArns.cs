using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Functions;

/// <summary>Builds ARNs of this server's region.</summary>
public sealed class FunctionArns(string region)
{
    public string Region { get; } = region;

    public string Function(FunctionId id) => $"arn:aws:lambda:{Region}:{id.Account}:function:{id.Name}";

    public string Function(FunctionId id, string? qualifier) =>
        string.IsNullOrEmpty(qualifier) ? Function(id) : $"{Function(id)}:{qualifier}";

    public string Layer(AccountId account, string name) => $"arn:aws:lambda:{Region}:{account}:layer:{name}";

    public string Layer(AccountId account, string name, long version) => $"{Layer(account, name)}:{version}";
}
