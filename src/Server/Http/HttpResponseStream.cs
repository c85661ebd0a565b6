using Lambent.Kernel.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Http;

/// <summary>Passes a streamed result on as it comes; each write waits for the caller's connection.</summary>
internal sealed class HttpResponseStream(HttpResponse response) : IResponseStream
{
    public CancellationToken CallerGone => response.HttpContext.RequestAborted;

    public bool HasStarted { get; private set; }

    public async ValueTask StartAsync(ReadOnlyMemory<byte> prelude)
    {
        if (!FunctionUrlResponse.TryApplyPrelude(response, prelude))
        {
            response.StatusCode = StatusCodes.Status502BadGateway;
        }

        await BeginAsync();
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> chunk)
    {
        if (!HasStarted)
        {
            FunctionUrlResponse.TryApplyPrelude(response, default);
            await BeginAsync();
        }

        var written = await response.BodyWriter.WriteAsync(chunk, CallerGone);
        if (written.IsCompleted)
        {
            throw new IOException("The caller has gone.");
        }
    }

    public async ValueTask CompleteAsync() => await response.CompleteAsync();

    private async ValueTask BeginAsync()
    {
        HasStarted = true;
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(response.HttpContext.RequestAborted);
    }
}
