-- The distance along the surface of a sphere of Earth's mean radius (IUGG), in kilometres, by the
-- haversine formula. Rounding may not lift its argument over 1.
CREATE FUNCTION great_circle_km(latitude1 float8, longitude1 float8, latitude2 float8, longitude2 float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN 2 * 6371.0088 * asin(least(1, sqrt(
  sin(radians(latitude2 - latitude1) / 2) ^ 2
  + cos(radians(latitude1)) * cos(radians(latitude2)) * sin(radians(longitude2 - longitude1) / 2) ^ 2)));
--> statement-breakpoint
CREATE INDEX "office_latitude_index" ON "office" ("latitude") WHERE live;--> statement-breakpoint
CREATE INDEX "place_latitude_index" ON "place" ("latitude") WHERE live;