"""The form that applicants fill, as plain data: what it asks, how it is kept, how it may be changed, and what answers it takes."""
