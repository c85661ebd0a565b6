using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

internal sealed class LayerVersionDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required long Version { get; set; }

    public required PackageDocument Content { get; set; }

    public string Description { get; set; } = "";

    public string? LicenseInfo { get; set; }

    public string[] CompatibleRuntimes { get; set; } = [];

    public string[] CompatibleArchitectures { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; set; }

    public PolicyDocument? Policy { get; set; }

    public static LayerVersionDocument From(LayerVersion layer) => new()
    {
        Account = layer.Account.Value,
        Name = layer.Name,
        Version = layer.Version,
        Content = PackageDocument.From(layer.Content),
        Description = layer.Description,
        LicenseInfo = layer.LicenseInfo,
        CompatibleRuntimes = layer.CompatibleRuntimes.ToPlainArray(),
        CompatibleArchitectures = layer.CompatibleArchitectures.ToPlainArray(),
        CreatedAt = layer.CreatedAt,
        Policy = layer.Policy is { } policy ? PolicyDocument.From(policy) : null,
    };

    public LayerVersion ToLayer() => new()
    {
        Account = AccountId.Parse(Account),
        Name = Name,
        Version = Version,
        Content = Content.ToPackage(),
        Description = Description,
        LicenseInfo = LicenseInfo,
        CompatibleRuntimes = [.. CompatibleRuntimes],
        CompatibleArchitectures = [.. CompatibleArchitectures],
        CreatedAt = CreatedAt,
        Policy = Policy?.ToPolicy(),
    };
}
