using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

/// <summary>A function without its published versions, which are rows of their own.</summary>
internal sealed class FunctionDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required FunctionVersionDocument Latest { get; set; }

    public FunctionVersionDocument? LastWorking { get; set; }

    public long LastPublishedVersion { get; set; }

    public Dictionary<string, AliasDocument> Aliases { get; set; } = [];

    public Dictionary<string, PolicyDocument> Policies { get; set; } = [];

    public Dictionary<string, FunctionUrlDocument> Urls { get; set; } = [];

    public int? ReservedConcurrency { get; set; }

    public Dictionary<string, ProvisionedConcurrencyDocument> Provisioned { get; set; } = [];

    public Dictionary<string, EventInvokeConfigDocument> EventInvokeConfigs { get; set; } = [];

    public Dictionary<string, string> Tags { get; set; } = [];

    public static FunctionDocument From(Function function) => new()
    {
        Account = function.Id.Account.Value,
        Name = function.Id.Name,
        Latest = FunctionVersionDocument.From(function.Latest),
        LastWorking = function.LastWorking is { } working ? FunctionVersionDocument.From(working) : null,
        LastPublishedVersion = function.LastPublishedVersion,
        Aliases = function.Aliases.ToDictionary(entry => entry.Key, entry => AliasDocument.From(entry.Value)),
        Policies = function.Policies.ToDictionary(entry => entry.Key, entry => PolicyDocument.From(entry.Value)),
        Urls = function.Urls.ToDictionary(entry => entry.Key, entry => FunctionUrlDocument.From(entry.Value)),
        ReservedConcurrency = function.ReservedConcurrency,
        Provisioned = function.Provisioned.ToDictionary(
            entry => entry.Key, entry => ProvisionedConcurrencyDocument.From(entry.Value)),
        EventInvokeConfigs = function.EventInvokeConfigs.ToDictionary(
            entry => entry.Key, entry => EventInvokeConfigDocument.From(entry.Value)),
        Tags = new Dictionary<string, string>(function.Tags),
    };

    public Function ToFunction(ImmutableSortedDictionary<long, FunctionVersion> versions) => new()
    {
        Id = new FunctionId(AccountId.Parse(RepeatedText.Share(Account)), Name),
        Latest = Latest.ToVersion(),
        LastWorking = LastWorking?.ToVersion(),
        Versions = versions,
        LastPublishedVersion = LastPublishedVersion,
        Aliases = Sorted(Aliases, alias => alias.ToAlias()),
        Policies = Sorted(Policies, policy => policy.ToPolicy()),
        Urls = Sorted(Urls, url => url.ToUrl()),
        ReservedConcurrency = ReservedConcurrency,
        Provisioned = Sorted(Provisioned, provisioned => provisioned.ToProvisioned()),
        EventInvokeConfigs = Sorted(EventInvokeConfigs, config => config.ToConfig()),
        Tags = Sorted(Tags, static text => text),
    };

    private static ImmutableSortedDictionary<string, TTo> Sorted<TFrom, TTo>(
        Dictionary<string, TFrom> source, Func<TFrom, TTo> convert) => source.Count == 0
            ? NoEntries<TTo>.Ordinal
            : source.ToImmutableSortedDictionary(
                entry => entry.Key, entry => convert(entry.Value), StringComparer.Ordinal);

    /// <summary>Most functions have no aliases, policies, tags: they share one empty dictionary of each.</summary>
    private static class NoEntries<TTo>
    {
        public static readonly ImmutableSortedDictionary<string, TTo> Ordinal =
            ImmutableSortedDictionary.Create<string, TTo>(StringComparer.Ordinal);
    }
}

internal sealed class AliasDocument
{
    public required string Name { get; set; }

    public required string FunctionVersion { get; set; }

    public string Description { get; set; } = "";

    public string? AdditionalVersion { get; set; }

    public double AdditionalVersionWeight { get; set; }

    public required string RevisionId { get; set; }

    public static AliasDocument From(Alias alias) => new()
    {
        Name = alias.Name,
        FunctionVersion = alias.FunctionVersion,
        Description = alias.Description,
        AdditionalVersion = alias.AdditionalVersion,
        AdditionalVersionWeight = alias.AdditionalVersionWeight,
        RevisionId = alias.RevisionId,
    };

    public Alias ToAlias() => new()
    {
        Name = Name,
        FunctionVersion = FunctionVersion,
        Description = Description,
        AdditionalVersion = AdditionalVersion,
        AdditionalVersionWeight = AdditionalVersionWeight,
        RevisionId = RevisionId,
    };
}

internal sealed class FunctionUrlDocument
{
    public required FunctionUrlAuth Auth { get; set; }

    public FunctionUrlInvokeMode InvokeMode { get; set; } = FunctionUrlInvokeMode.Buffered;

    public CrossOriginDocument? CrossOrigin { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset LastModifiedAt { get; set; }

    public static FunctionUrlDocument From(FunctionUrl url) => new()
    {
        Auth = url.Auth,
        InvokeMode = url.InvokeMode,
        CrossOrigin = url.CrossOrigin is { } crossOrigin ? CrossOriginDocument.From(crossOrigin) : null,
        CreatedAt = url.CreatedAt,
        LastModifiedAt = url.LastModifiedAt,
    };

    public FunctionUrl ToUrl() => new()
    {
        Auth = Auth,
        InvokeMode = InvokeMode,
        CrossOrigin = CrossOrigin?.ToCrossOrigin(),
        CreatedAt = CreatedAt,
        LastModifiedAt = LastModifiedAt,
    };
}

internal sealed class CrossOriginDocument
{
    public bool? AllowCredentials { get; set; }

    public string[] AllowHeaders { get; set; } = [];

    public string[] AllowMethods { get; set; } = [];

    public string[] AllowOrigins { get; set; } = [];

    public string[] ExposeHeaders { get; set; } = [];

    public int? MaxAgeSeconds { get; set; }

    public static CrossOriginDocument From(CrossOriginPolicy policy) => new()
    {
        AllowCredentials = policy.AllowCredentials,
        AllowHeaders = policy.AllowHeaders.ToPlainArray(),
        AllowMethods = policy.AllowMethods.ToPlainArray(),
        AllowOrigins = policy.AllowOrigins.ToPlainArray(),
        ExposeHeaders = policy.ExposeHeaders.ToPlainArray(),
        MaxAgeSeconds = policy.MaxAgeSeconds,
    };

    public CrossOriginPolicy ToCrossOrigin() => new()
    {
        AllowCredentials = AllowCredentials,
        AllowHeaders = [.. AllowHeaders],
        AllowMethods = [.. AllowMethods],
        AllowOrigins = [.. AllowOrigins],
        ExposeHeaders = [.. ExposeHeaders],
        MaxAgeSeconds = MaxAgeSeconds,
    };
}
