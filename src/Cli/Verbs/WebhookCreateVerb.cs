using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent webhook create</c>: with <c>--to</c> an address here, with <c>--url</c> calls of one outside.
/// </summary>
internal sealed class WebhookCreateVerb() : Verb(
    "create", "Make an address that takes requests (--to), or call one (--url)")
{
    private readonly Argument<string> name = WebhookVerb.NameArgument();

    private readonly Option<string?> target = new("--to")
    {
        HelpName = "TARGET",
        Description = "What gets the requests: a function, queue:NAME or an ARN",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> scheme = new("--scheme")
    {
        HelpName = "SCHEME",
        Description = "How requests are signed: github, stripe, slack, standard, hmac or none",
    };

    private readonly Option<string?> secret = new("--secret")
    {
        HelpName = "SECRET",
        Description = "The secret of both sides; default: one is made, and shown once",
    };

    private readonly Option<string?> payload = new("--payload")
    {
        HelpName = "event|body",
        Description = "What the target gets: the request as an HTTP event, or its body alone; default: event",
    };

    private readonly Option<string?> header = new("--header")
    {
        HelpName = "NAME", Description = "hmac: the header with the signature",
    };

    private readonly Option<string?> algorithm = new("--algorithm")
    {
        HelpName = "NAME", Description = "hmac: sha1, sha256, sha384 or sha512; default: sha256",
    };

    private readonly Option<string?> encoding = new("--encoding")
    {
        HelpName = "hex|base64", Description = "hmac: how the signature is written; default: hex",
    };

    private readonly Option<string?> prefix = new("--prefix")
    {
        HelpName = "TEXT", Description = "hmac: what stands before the signature, such as sha256=",
    };

    private readonly Option<string?> timestampHeader = new("--timestamp-header")
    {
        HelpName = "NAME", Description = "hmac: the header with a time, signed as TIME.BODY",
    };

    private readonly Option<string?> deliveryHeader = new("--delivery-header")
    {
        HelpName = "NAME", Description = "The header that identifies a delivery; default: the scheme's own",
    };

    private readonly Option<int?> tolerance = new("--tolerance")
    {
        HelpName = "SECONDS", Description = "How old a signed time may be; default: 300",
    };

    private readonly Option<int?> rate = new("--rate")
    {
        HelpName = "N", Description = "Requests a second above which they are refused; default: 100",
    };

    private readonly Option<string?> url = new("--url")
    {
        HelpName = "URL", Description = "The address to call",
    };

    private readonly Option<string[]> types = new("--on")
    {
        HelpName = "TYPE",
        Description = "Of what to tell, such as event.failed or event.*; may be repeated; default: of all",
    };

    private readonly Option<string?> subject = new("--of")
    {
        HelpName = "NAME", Description = "Only of this function or queue",
    };

    protected override IEnumerable<Symbol> Symbols =>
    [
        name, target, scheme, secret, payload, header, algorithm, encoding, prefix, timestampHeader, deliveryHeader,
        tolerance, rate, url, types, subject,
    ];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        if (context.Value(target) is null == context.Value(url) is null)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                "A webhook has either --to, for requests that come here, or --url, for calls of an address.",
                "lambent webhook create NAME --to FUNCTION --scheme github");
        }

        if (context.Value(target) is not null && context.Value(scheme) is null)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                "How requests are signed has to be said: without it anybody who learns the address could send some.",
                "--scheme github|stripe|slack|standard|hmac|none");
        }

        using var server = context.Connect();
        var call = new CreateWebhookCall
        {
            Name = context.Value(name),
            Target = context.Value(target),
            Scheme = context.Value(scheme),
            Secret = context.Value(secret),
            Payload = context.Value(payload),
            Header = context.Value(header),
            Algorithm = context.Value(algorithm),
            Encoding = context.Value(encoding),
            Prefix = context.Value(prefix),
            TimestampHeader = context.Value(timestampHeader),
            DeliveryHeader = context.Value(deliveryHeader),
            ToleranceSeconds = context.Value(tolerance),
            Rate = context.Value(rate),
            Url = context.Value(url),
            Types = context.Value(types) is { Length: > 0 } wanted ? wanted : null,
            Subject = context.Value(subject),
        };
        return WebhookVerb.Print(context, "created", await new WebhookApi(server).CreateAsync(call, cancellation));
    }
}
