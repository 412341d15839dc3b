namespace Mesh.IntegrationTests.Grpc.Support;

public sealed class GrpcMetadataTests
{
    [Theory]
    [InlineData("00:00:00", "1u")]
    [InlineData("00:00:00.0010000", "1000u")]
    [InlineData("00:01:39.9999990", "99999999u")]
    [InlineData("00:01:40", "100000m")]
    [InlineData("1.03:46:40", "100000S")]
    public void OfTimeout_OfATime_HasAtMostEightDigits(string timeout, string expected) => Assert.Equal(expected, GrpcMetadata.OfTimeout(TimeSpan.Parse(timeout, null)));

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("AQI")]
    [InlineData("AQID")]
    public void OfBytes_OfWhatToBytesRead_IsTheSame(string value) => Assert.Equal(value, GrpcMetadata.OfBytes(GrpcMetadata.ToBytes(value)));
}
